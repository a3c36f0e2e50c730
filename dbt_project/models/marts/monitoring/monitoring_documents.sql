{{ published("monitoring_documents") }}
