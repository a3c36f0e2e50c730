-- Cells and margins of the national matrix of transfers that are suppressed: small counts, and what
-- would give them away.
--
-- For a small cell, moving one transfer of a sender from one receiver to another, and one of a
-- second sender the other way, changes four cells and no margin; those four are suppressed. Where
-- no such square exists, one transfer moves to another sender or to another receiver, and the two
-- margins that change are suppressed as well; so it is for a small margin. Where even that is
-- impossible, only the total of the year is shown. The total is that of the observation and never
-- changes.
with limits as (
    select min_count
    from {{ ref("indicators") }}
    where indicator = 'transfers'
),

matrix as (
    select
        matrix.period,
        matrix.from_actor,
        matrix.to_actor,
        matrix.transfers,
        limits.min_count,
        (matrix.transfers > 0 and matrix.transfers < limits.min_count)
        or (matrix.logs > 0 and matrix.logs < limits.min_count) as is_small
    from {{ ref("open_transfer_matrix") }} as matrix
    cross join limits
    where matrix.from_actor <> 'all' or matrix.to_actor <> 'all'
),

cells as (
    select *
    from matrix
    where from_actor <> 'all' and to_actor <> 'all'
),

-- The smallest values that pin nothing down: more than one, and beside the small count at
-- least the limit.
squares as (
    select
        small.period,
        small.from_actor,
        small.to_actor,
        across.to_actor as other_to,
        below.from_actor as other_from,
        row_number() over (
            partition by small.period, small.from_actor, small.to_actor
            order by
                case
                    when
                        across.transfers > 1
                        and small.transfers + across.transfers >= small.min_count
                        then 0
                    else 1
                end
                + case
                    when
                        below.transfers > 1
                        and small.transfers + below.transfers >= small.min_count
                        then 0
                    else 1
                end,
                across.transfers + below.transfers,
                across.to_actor,
                below.from_actor
        ) as choice
    from cells as small
    inner join cells as across
        on
            small.period = across.period
            and small.from_actor = across.from_actor
            and small.to_actor <> across.to_actor
    inner join cells as below
        on
            small.period = below.period
            and small.to_actor = below.to_actor
            and small.from_actor <> below.from_actor
    inner join cells as opposite
        on
            small.period = opposite.period
            and below.from_actor = opposite.from_actor
            and across.to_actor = opposite.to_actor
    where small.is_small
),

-- What one transfer could move to: another sender of the same receiver, or another receiver of the
-- same sender. A small margin moves by one of its cells.
lines as (
    select
        small.period,
        small.from_actor,
        small.to_actor,
        small.to_actor as line_to,
        small.from_actor as line_from,
        others.from_actor as other_from,
        small.to_actor as other_to,
        others.transfers,
        small.min_count,
        small.transfers as small_transfers
    from cells as small
    inner join cells as others
        on
            small.period = others.period
            and small.to_actor = others.to_actor
            and small.from_actor <> others.from_actor
    left join squares
        on
            small.period = squares.period
            and small.from_actor = squares.from_actor
            and small.to_actor = squares.to_actor
    where small.is_small and squares.period is null
    union all
    select
        small.period,
        small.from_actor,
        small.to_actor,
        small.to_actor as line_to,
        small.from_actor as line_from,
        small.from_actor as other_from,
        others.to_actor as other_to,
        others.transfers,
        small.min_count,
        small.transfers as small_transfers
    from cells as small
    inner join cells as others
        on
            small.period = others.period
            and small.from_actor = others.from_actor
            and small.to_actor <> others.to_actor
    left join squares
        on
            small.period = squares.period
            and small.from_actor = squares.from_actor
            and small.to_actor = squares.to_actor
    where small.is_small and squares.period is null
    union all
    select
        margins.period,
        margins.from_actor,
        margins.to_actor,
        inside.to_actor as line_to,
        inside.from_actor as line_from,
        others.from_actor as other_from,
        inside.to_actor as other_to,
        others.transfers,
        margins.min_count,
        inside.transfers as small_transfers
    from matrix as margins
    inner join cells as inside
        on
            margins.period = inside.period
            and margins.from_actor = inside.from_actor
    inner join cells as others
        on
            inside.period = others.period
            and inside.to_actor = others.to_actor
            and inside.from_actor <> others.from_actor
    where margins.is_small and margins.to_actor = 'all'
    union all
    select
        margins.period,
        margins.from_actor,
        margins.to_actor,
        inside.to_actor as line_to,
        inside.from_actor as line_from,
        inside.from_actor as other_from,
        others.to_actor as other_to,
        others.transfers,
        margins.min_count,
        inside.transfers as small_transfers
    from matrix as margins
    inner join cells as inside
        on
            margins.period = inside.period
            and margins.to_actor = inside.to_actor
    inner join cells as others
        on
            inside.period = others.period
            and inside.from_actor = others.from_actor
            and inside.to_actor <> others.to_actor
    where margins.is_small and margins.from_actor = 'all'
),

chosen_lines as (
    select
        *,
        row_number() over (
            partition by period, from_actor, to_actor
            order by
                case
                    when transfers > 1 and small_transfers + transfers >= min_count then 0 else 1
                end,
                transfers,
                line_from,
                line_to,
                other_from,
                other_to
        ) as choice
    from lines
),

-- Years in which something small can move nowhere.
bare_years as (
    select distinct matrix.period
    from matrix
    left join squares
        on
            matrix.period = squares.period
            and matrix.from_actor = squares.from_actor
            and matrix.to_actor = squares.to_actor
            and squares.choice = 1
    left join chosen_lines
        on
            matrix.period = chosen_lines.period
            and matrix.from_actor = chosen_lines.from_actor
            and matrix.to_actor = chosen_lines.to_actor
            and chosen_lines.choice = 1
    where matrix.is_small and squares.period is null and chosen_lines.period is null
),

moved as (
    {% for first, second in [
        ("from_actor", "to_actor"),
        ("from_actor", "other_to"),
        ("other_from", "to_actor"),
        ("other_from", "other_to"),
    ] %}
    select
        period,
        {{ first }} as from_actor,
        {{ second }} as to_actor
    from squares
    where choice = 1
    union distinct
    {% endfor %}
    {# A margin on which both ends lie does not change; to suppress it too would be needless. #}
    {% for first, second, condition in [
        ("line_from", "line_to", "true"),
        ("other_from", "other_to", "true"),
        ("line_from", "'all'", "line_from <> other_from"),
        ("other_from", "'all'", "line_from <> other_from"),
        ("'all'", "line_to", "line_to <> other_to"),
        ("'all'", "other_to", "line_to <> other_to"),
    ] %}
    select
        period,
        {{ first }} as from_actor,
        {{ second }} as to_actor
    from chosen_lines
    where choice = 1 and {{ condition }}
    union distinct
    {% endfor %}
    select
        matrix.period,
        matrix.from_actor,
        matrix.to_actor
    from matrix
    inner join bare_years
        on matrix.period = bare_years.period
    union distinct
    select
        period,
        from_actor,
        to_actor
    from matrix
    where is_small
)

select
    matrix.period,
    matrix.from_actor,
    matrix.to_actor,
    case when matrix.is_small then 'primary' else 'complementary' end as reason
from matrix
inner join moved
    on
        matrix.period = moved.period
        and matrix.from_actor = moved.from_actor
        and matrix.to_actor = moved.to_actor
