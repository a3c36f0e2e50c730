{{ published("quality_acceptances") }}
