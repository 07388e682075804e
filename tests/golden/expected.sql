-- What a round comes to, from the long table of its cells. Nothing here is the program's.

-- --- what is known ---
create table form (  -- the printed form, as transcribed
    id text, kind text, level text, aggregate text, part text, whole text
);
create table unit (code text, level text, place int);  -- who owes a report
create table file (  -- every file that came; local time
    period text, unit text, name text, written timestamp, after_lock bool
);
create table cell (period text, name text, id text, value decimal(18, 2), note text);
create table line (  -- Biểu 06, a row per field and column
    period text, name text, number int, label text, col text, value int
);
create table due (period text, day date);
create table before (period text, earlier text[]);
create table decision (unit text, indicator text, rule text, decision text, period text);

-- --- which file counts ---
create view counted as
select period, unit, name, written from file where not after_lock
qualify row_number() over (partition by period, unit order by written desc) = 1;

-- --- figures ---
create view reported as
select counted.period, counted.unit, unit.level, unit.place, cell.id, cell.value
from counted join cell using (period, name) join unit on unit.code = counted.unit
where cell.value is not null;

create view excluded as
select reported.period, reported.unit, reported.id
from reported join decision on decision.unit = reported.unit
    and decision.indicator in (reported.id, '*') and decision.decision = 'exclude'
    and decision.period = reported.period;

create view included as
select * from reported anti join excluded using (period, unit, id) where level = 'commune';

create view mate as  -- two parts of one ratio
select part as id, whole as other from form where aggregate = 'ratio'
union select whole, part from form where aggregate = 'ratio';

create view unpaired as
select included.*, mate.other from included join mate using (id)
where not exists (
    from included as beside
    where (beside.period, beside.unit, beside.id) = (included.period, included.unit, mate.other)
);

create view added as select * from included anti join unpaired using (period, unit, id);

-- a half is rounded up; numbers are given as whole ones
create macro words(note) as length(trim(regexp_replace(coalesce(note, ''), '\s+', ' ', 'g')));

create macro rate(part, whole) as
    case when whole > 0 then ((2 * part::hugeint + whole::hugeint) // (2 * whole::hugeint)) / 100.0 end;

-- --- totals (A) ---
create view summed as
select period, id, sum(value) as total, count(*) as filled
from added join form using (id) where aggregate = 'sum' group by all;

create view both_parts as
select a.period, form.id, form.aggregate, sum(a.value) as part, sum(b.value) as whole, count(*) as filled
from form join added as a on a.id = form.part
join added as b on b.id = form.whole and (a.period, a.unit) = (b.period, b.unit)
where aggregate in ('ratio', 'ratio_shared') group by all;

create view agreed as
select period, id, count(*) as filled,
    case when count(distinct value) = 1 then min(value) end as total
from included join form using (id) where aggregate = 'shared' group by all;

create view agreed_ratio as
select both_parts.period, both_parts.id, both_parts.filled,
    case when a.total is null or b.total is null
        then rate(10000 * both_parts.part, both_parts.whole)
        else rate(10000 * a.total, b.total) end as total
from both_parts join form using (id)
left join agreed as a on (a.period, a.id) = (both_parts.period, form.part)
left join agreed as b on (b.period, b.id) = (both_parts.period, form.whole)
where both_parts.aggregate = 'ratio_shared';

create view weighed as  -- value × 100 and weight of each unit
select v.period, v.unit, v.id, round(100 * v.value)::hugeint as value,
    case v.id when '3.3.4' then w.value::hugeint
        when '3.3.5' then round(100 * p.value)::hugeint * w.value::hugeint end as weight
from included as v join form using (id)
left join included as w on (w.period, w.unit, w.id) = (v.period, v.unit, '3.1.3.b')
left join included as p on (p.period, p.unit, p.id) = (v.period, v.unit, '3.3.4')
where aggregate like 'weighted%';

create view weighted as
select period, id,
    case when sum(weight) > 0 then count(weight) filter (weight > 0) else count(*) end as filled,
    case when sum(weight) > 0
        then rate(sum(value * weight) filter (weight > 0), sum(weight) filter (weight > 0))
        else rate(sum(value), count(*)) end as total
from weighed group by all;

create view total as
select period, id, total, filled from summed
union all
select period, id, rate(10000 * part, whole), filled from both_parts where aggregate = 'ratio'
union all select period, id, total, filled from agreed
union all select period, id, total, filled from agreed_ratio
union all select period, id, total, filled from weighted
union all
select period, id, rate(10000 * count(*) filter (value = 100), count(*)), count(*)
from included join form using (id) where aggregate = 'share_units' group by all
union all
select period, id, null, count(*)
from included join form using (id) where aggregate in ('code_count', 'no_aggregate') group by all
union all
select period, id, value, 1
from reported join form using (id)
where reported.level = 'district' and aggregate = 'city' and part is null
union all
select a.period, form.id,
    rate(10000 * case form.id when '4.1.5' then b.value - a.value else a.value end, b.value), 1
from form join reported as a on a.id = form.part join reported as b on b.id = form.whole
    and (a.period, a.unit) = (b.period, b.unit)
where aggregate = 'city' and a.level = 'district';

create view code_count as
select period, id, value::int::varchar as code, count(*) as n
from included join form using (id) where aggregate = 'code_count' group by all;

-- --- the city's own appendix (B) ---
create view appendix_cell as
select period, id, total as value from total join form using (id)
where form.level = 'commune' or aggregate = 'share_units'
union all
select period, id, value from reported join form using (id)
where reported.level = 'district' and form.level <> 'commune' and aggregate <> 'share_units'
    and part is null;

create view appendix as
select * from appendix_cell where value is not null
union all
select a.period, form.id,
    rate(10000 * case form.id when '4.1.5' then b.value - a.value else a.value end, b.value)
from form join appendix_cell as a on a.id = form.part join appendix_cell as b on b.id = form.whole
    and a.period = b.period
where form.level <> 'commune' and form.part is not null;

-- --- who, when ---
create view missing as
select before.period, code from unit cross join before
where level = 'commune' and not exists (
    from counted where (counted.period, counted.unit) = (before.period, code)
);

create view in_time as
select counted.period, unit, written, written::date <= day as in_time
from counted join due using (period) join unit on unit.code = counted.unit where level = 'commune';

-- --- a few rules, and whether a note or a decision settles them ---
create view figure as
select counted.period, counted.unit, cell.id, cell.value, cell.note
from counted join cell using (period, name) join unit on unit.code = counted.unit
where level = 'commune';

create view bound as
select * from (values ('C-1.1', 'error', '1.1.b', '1.1.a'), ('C-6.1', 'warning', '6.1.b', '6.1.a'),
    ('C-4.2', 'warning', '4.2.2', '4.2.1'), ('C-3.4.2', 'error', '3.4.2.b', '3.4.2.a')
) as bounds(rule, severity, low, high);

create view broken as
select low.period, low.unit, rule, severity,
    severity = 'warning' and greatest(words(low.note), words(high.note)) >= 10 as noted
from bound join figure as low on low.id = bound.low
join figure as high on high.id = bound.high and (low.period, low.unit) = (high.period, high.unit)
where low.value > high.value
union all  -- figures that count what happened since the same day fall behind an earlier period
select now.period, now.unit, 'T03', 'error', false
from figure as now join before using (period)
join figure as earlier on (earlier.unit, earlier.id) = (now.unit, now.id)
    and list_contains(before.earlier, earlier.period)
anti join excluded as gone on (gone.period, gone.unit, gone.id)
    = (earlier.period, earlier.unit, earlier.id)
where now.id = '3.4.2.b' and now.value < earlier.value;

create view finding as
select period, unit, rule, severity,
    case when noted then 'note' when exists (
        from decision where decision = 'accept' and decision.unit = broken.unit
            and decision.rule = broken.rule and decision.period = broken.period
    ) then 'decision' end as settled
from broken;

-- --- Biểu 06 by field ---
create view field_line as
select counted.period, counted.unit, lower(trim(regexp_replace(label, '\s+', ' ', 'g'))) as field,
    col, value
from counted join line using (period, name)
where not exists (
    from decision where decision.unit = counted.unit and decision.period = counted.period
        and indicator = '*' and decision = 'exclude'
);

create view by_field as
select period, field, col, sum(value) as total, count(distinct unit) as filled
from field_line group by all;
