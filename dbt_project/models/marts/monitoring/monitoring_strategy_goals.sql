{{ published("monitoring_strategy_goals") }}
