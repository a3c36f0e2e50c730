{{ published("quality_event_links") }}
