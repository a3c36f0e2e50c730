{{ published("monitoring_document_indicators") }}
