{{ published("monitoring_document_regions") }}
