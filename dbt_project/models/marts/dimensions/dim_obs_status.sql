{{ published("dim_obs_status") }}
