{{ published("monitoring_advice") }}
