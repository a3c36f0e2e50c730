{{ published("monitoring_surveys") }}
