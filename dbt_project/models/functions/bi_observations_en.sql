{{ config(parameters=[]) }}

{{ bi_observations("en") }}
