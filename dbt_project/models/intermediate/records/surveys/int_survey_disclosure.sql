-- Which figures of a survey are withheld, so that no count of answers below the limit is published
-- or follows from what is. The whole and the parts of a breakdown are one equation, so a suppressed
-- part takes others with it: by label, not by size, because a choice by size would tell sizes and
-- would change with a revision, and two publications together would tell what each withholds.
with cells as (
    select
        *,
        breakdown = 'whole' as is_whole,
        {{ is_few("said", "min_answers") }} as is_small
    from {{ ref("int_survey_cells") }}
),

-- A share that is suppressed shows that one of its counts is small. How many numbers that leaves,
-- given the mean: where it is one, the mean gives the count away.
judged as (
    select
        *,
        is_small or {{ mean_tells_share(
            "said", "score_sum", "agreeing", "not_agreeing", "min_answers"
        ) }} as is_primary
    from cells
),

-- Parts in the order in which they are suppressed, and how many answers fewer or more each may have
-- for somebody who knows the rules and which parts are small: those lie between one and the limit
-- less one, others between the limit and their respondents. Of a part with few respondents in the
-- whole round nothing is ever told; one that is small in this question only can be compared.
ranked as (
    select
        survey,
        year,
        question,
        breakdown,
        breakdown_value,
        min_answers,
        said,
        score_sum,
        agreeing,
        not_agreeing,
        is_small,
        case when is_small then said - 1 else said - min_answers end as may_be_fewer,
        case when is_small then min_answers - 1 - said else respondents - said end as may_be_more,
        is_small and respondents >= min_answers as is_comparable,
        row_number() over (
            partition by survey, year, question, breakdown
            order by
                case
                    when is_primary then 0
                    when breakdown_value = {{ not_told() }} then 1
                    else 2
                end,
                breakdown_value
        ) as place,
        sum(case when is_primary then 1 else 0 end) over (
            partition by survey, year, question, breakdown
        ) as primaries
    from judged
    where not is_whole and said > 0
),

-- The first so many parts, which would be suppressed together.
choices as (
    select
        survey,
        year,
        question,
        breakdown,
        place,
        primaries,
        min_answers,
        sum(said) over parts as said,
        sum(score_sum) over parts as score_sum,
        sum(agreeing) over parts as agreeing,
        sum(not_agreeing) over parts as not_agreeing,
        sum(may_be_fewer) over parts as may_be_fewer,
        sum(may_be_more) over parts as may_be_more,
        max(case when is_comparable then 1 else 0 end) over parts as has_comparable,
        max(case when is_small then 0 else 1 end) over parts as has_larger
    from ranked
    window parts as (
        partition by survey, year, question, breakdown
        order by place
        rows between unbounded preceding and current row
    )
),

-- A choice is safe when it adds up to no small count, the mean of its answers does not tell one,
-- and each small part is left a second possible count: one fewer, which another part makes up for,
-- or one more.
safe_choices as (
    select
        choices.survey,
        choices.year,
        choices.question,
        choices.breakdown,
        choices.place
    from choices
    inner join ranked as parts
        on
            choices.survey = parts.survey
            and choices.year = parts.year
            and choices.question = parts.question
            and choices.breakdown = parts.breakdown
            and choices.place >= parts.place
    where
        choices.place >= choices.primaries
        and choices.said >= choices.min_answers
        and not {{ mean_tells_share(
            "choices.said",
            "choices.score_sum",
            "choices.agreeing",
            "choices.not_agreeing",
            "choices.min_answers"
        ) }}
    group by
        choices.survey, choices.year, choices.question, choices.breakdown, choices.place
    having
        min(
            case
                when not parts.is_small then 1
                when
                    parts.may_be_fewer > 0
                    and (
                        choices.may_be_more > parts.may_be_more
                        or (choices.has_comparable = 0 and choices.has_larger = 1)
                    )
                    then 1
                when parts.may_be_more > 0 and choices.may_be_fewer > parts.may_be_fewer then 1
                else 0
            end
        ) = 1
),

chosen as (
    select
        ranked.survey,
        ranked.year,
        ranked.question,
        ranked.breakdown,
        min(safe_choices.place) as suppressed_parts
    from ranked
    left join safe_choices
        on
            ranked.survey = safe_choices.survey
            and ranked.year = safe_choices.year
            and ranked.question = safe_choices.question
            and ranked.breakdown = safe_choices.breakdown
    where ranked.primaries > 0
    group by ranked.survey, ranked.year, ranked.question, ranked.breakdown
),

-- Where no choice of parts is enough, the whole would give them away, and through it the parts of
-- every other breakdown: nothing of the question is published.
refused as (
    select
        survey,
        year,
        question
    from judged
    where is_whole and is_primary
    union
    select
        survey,
        year,
        question
    from chosen
    where suppressed_parts is null
),

suppressed_rows as (
    select
        judged.*,
        refused.survey is not null as is_refused,
        refused.survey is not null
        or coalesce(ranked.place <= chosen.suppressed_parts, false)
            as is_suppressed
    from judged
    left join refused
        on
            judged.survey = refused.survey
            and judged.year = refused.year
            and judged.question = refused.question
    left join ranked
        on
            judged.survey = ranked.survey
            and judged.year = ranked.year
            and judged.question = ranked.question
            and judged.breakdown = ranked.breakdown
            and judged.breakdown_value = ranked.breakdown_value
    left join chosen
        on
            judged.survey = chosen.survey
            and judged.year = chosen.year
            and judged.question = chosen.question
            and judged.breakdown = chosen.breakdown
),

-- Withheld parts count as one, because their sums follow from the whole.
united as (
    select
        survey,
        year,
        question,
        breakdown,
        is_whole,
        max(min_answers) as min_answers,
        sum(said) as said,
        sum(score_sum) as score_sum,
        sum(agreeing) as agreeing,
        sum(not_agreeing) as not_agreeing,
        sum(cannot_say) as cannot_say,
        sum(off_scale) as off_scale
    from suppressed_rows
    where not is_refused
    group by
        survey,
        year,
        question,
        breakdown,
        is_whole,
        case when is_suppressed then 'withheld' else breakdown_value end,
        is_suppressed
),

pieces as (
    select
        *,
        {{ is_few("agreeing", "min_answers") }} or {{ is_few("not_agreeing", "min_answers") }}
            as has_small_share,
        {{ is_few("cannot_say", "min_answers") }} or {{ is_few("off_scale", "min_answers") }}
            as has_small_rest,
        {{ agreeing_at_least("said", "score_sum") }} as agreeing_at_least,
        {{ agreeing_at_most("said", "score_sum") }} as agreeing_at_most
    from united
),

-- One small count takes the shares of its whole breakdown with it, likewise the answers that say
-- nothing: a second choice of parts beside the first would be a second set of equations.
breakdowns as (
    select
        survey,
        year,
        question,
        breakdown,
        is_whole,
        max(case when has_small_share then 1 else 0 end) as has_small_share,
        max(case when has_small_rest then 1 else 0 end) as has_small_rest,
        sum(agreeing) - sum(agreeing_at_least) as room_below,
        sum(agreeing_at_most) - sum(agreeing) as room_above
    from pieces
    group by survey, year, question, breakdown, is_whole
),

-- The share of the whole and the means of the parts together may leave a small count one value.
-- Then the share of the whole is suppressed too.
questions as (
    select
        pieces.survey,
        pieces.year,
        pieces.question,
        max(
            case
                when not pieces.has_small_share then 0
                when pieces.is_whole then 1
                when
                    {{ small_numbers_between(
                        "greatest(
                            pieces.agreeing_at_least,
                            pieces.agreeing_at_most - breakdowns.room_above
                        )",
                        "least(
                            pieces.agreeing_at_most,
                            pieces.agreeing_at_least + breakdowns.room_below
                        )",
                        "pieces.said",
                        "pieces.min_answers"
                    ) }}
                    < 2
                    then 1
                else 0
            end
        ) as suppresses_share
    from pieces
    inner join breakdowns
        on
            pieces.survey = breakdowns.survey
            and pieces.year = breakdowns.year
            and pieces.question = breakdowns.question
            and pieces.breakdown = breakdowns.breakdown
    group by pieces.survey, pieces.year, pieces.question
)

select
    suppressed_rows.survey,
    suppressed_rows.year,
    suppressed_rows.question,
    suppressed_rows.breakdown,
    suppressed_rows.breakdown_value,
    suppressed_rows.is_suppressed,
    suppressed_rows.is_suppressed
    or breakdowns.has_small_share = 1
    or questions.suppresses_share = 1 as is_share_suppressed,
    suppressed_rows.is_suppressed or breakdowns.has_small_rest = 1 as is_rest_withheld
from suppressed_rows
left join breakdowns
    on
        suppressed_rows.survey = breakdowns.survey
        and suppressed_rows.year = breakdowns.year
        and suppressed_rows.question = breakdowns.question
        and suppressed_rows.breakdown = breakdowns.breakdown
left join questions
    on
        suppressed_rows.survey = questions.survey
        and suppressed_rows.year = questions.year
        and suppressed_rows.question = questions.question
