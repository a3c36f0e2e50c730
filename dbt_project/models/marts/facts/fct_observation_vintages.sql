{{ published("fct_observation_vintages") }}
