{{ published("quality_quarantine") }}
