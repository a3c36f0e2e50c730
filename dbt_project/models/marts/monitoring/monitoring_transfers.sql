{{ published(
    "monitoring_transfers",
    masks=[
        "transfers", "logs", "conf_status", "matched", "sender_only",
        "receiver_only", "third_party", "accepted", "refused", "unanswered",
        "accepted_share_pct"
    ],
    key=["region", "period", "from_actor", "to_actor"]
) }}
