select
    frequencies.freq,
    frequencies.name,
    coalesce(words.name_fi, frequencies.name) as name_fi,
    coalesce(words.name_sv, frequencies.name) as name_sv,
    coalesce(words.name_en, frequencies.name) as name_en,
    frequencies.months,
    frequencies.sort_key
from {{ ref("frequencies") }} as frequencies
left join {{ ref("words") }} as words
    on words.list = 'cadence' and frequencies.freq = words.code
union all
select
    '_Z' as freq,
    'Free span' as name,
    'Vapaa ajanjakso' as name_fi,
    'Fri tidsperiod' as name_sv,
    'Free span' as name_en,
    null as months,
    7 as sort_key
