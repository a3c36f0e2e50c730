{{ config(
    parameters=["target_year"],
    meta={"parameter_types": {"target_year": "integer"}},
) }}

select *
from {{ observations_in_division("target_year") }} as restated
