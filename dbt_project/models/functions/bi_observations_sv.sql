{{ config(parameters=[]) }}

{{ bi_observations("sv") }}
