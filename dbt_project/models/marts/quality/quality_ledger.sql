{{ published("quality_ledger") }}
