{{ published("monitoring_agreement_coverage") }}
