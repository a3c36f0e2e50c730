{{ published("monitoring_programme_measures") }}
