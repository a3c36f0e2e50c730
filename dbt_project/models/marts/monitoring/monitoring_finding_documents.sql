{{ published("monitoring_finding_documents") }}
