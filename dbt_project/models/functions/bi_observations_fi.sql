{{ config(parameters=[]) }}

{{ bi_observations("fi") }}
