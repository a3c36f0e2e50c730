{# How models and tests come into being on DuckDB, in as few statements as it takes. Each statement
   costs dbt more than it costs DuckDB (a context, a dozen events), and a build has hundreds of nodes.
   Other engines keep the materializations of their adapters. #}

{# DuckDB replaces a relation in one atomic statement: no other name to build under, nothing to rename
   and no backup to drop. Whoever has the old one open reads it to the end. #}
{% materialization table, adapter="duckdb", supported_languages=["sql"] %}
    {{- return({"relations": [replaced("table")]}) -}}
{% endmaterialization %}

{% materialization view, adapter="duckdb", supported_languages=["sql"] %}
    {{- return({"relations": [replaced("view")]}) -}}
{% endmaterialization %}

{% macro replaced(kind) %}
    {%- set target = this.incorporate(type=kind) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none and existing.type != kind -%}
        {% do adapter.drop_relation(existing) %}
    {%- endif -%}
    {%- set is_held_to_contract = config.get("contract").enforced -%}
    {%- if is_held_to_contract -%}{% do get_assert_columns_equivalent(compiled_code) %}{%- endif -%}

    {# One statement needs no transaction around it; comments and hooks join the relation in one. #}
    {%- set has_docs = config.persist_relation_docs() or config.persist_column_docs() -%}
    {%- set in_transaction = has_docs or pre_hooks != [] or post_hooks != [] -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement("main", auto_begin=in_transaction) -%}
        create or replace {{ kind }} {{ target }} as (
            {{- get_select_subquery(compiled_code) if is_held_to_contract else compiled_code }}
        );
    {%- endcall %}
    {% if has_docs %}{% do persist_docs(target, model) %}{% endif %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% if in_transaction %}{{ adapter.commit() }}{% endif %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return(target) }}
{% endmacro %}

{# Whether a query has the columns of the contract, told by one query where it has; where it has not,
   dbt's own comparison words the error. #}
{% macro duckdb__get_assert_columns_equivalent(sql) %}
    {%- set differing -%}
        select count(*)
        from (describe {{ get_empty_subquery_sql(sql, config.get("sql_header")) }}) as made
        full join (describe {{ get_empty_schema_sql(model.columns) }}) as promised
            on
                lower(made.column_name) = lower(promised.column_name)
                and made.column_type = promised.column_type
        where made.column_name is null or promised.column_name is null
    {%- endset -%}
    {%- if run_query(differing).columns[0].values()[0] -%}
        {% do assert_columns_equivalent(sql) %}
    {%- endif -%}
{% endmacro %}

{# All comments of a relation in one statement. A contract vouches for the columns; without one they
   are asked for first. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) %}
    {%- set comments = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {% do comments.append(alter_relation_comment(relation, model.description)) %}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() and model.columns -%}
        {%- set columns = model.columns -%}
        {%- if not config.get("contract").enforced -%}
            {%- set existing = adapter.get_columns_in_relation(relation) -%}
            {%- set columns = validate_doc_columns(
                relation, columns, existing | map(attribute="name") | list
            ) -%}
        {%- endif -%}
        {%- for name, column in columns.items() -%}
            {% do comments.append(
                "comment on column " ~ relation ~ "."
                ~ (adapter.quote(name) if column.quote else name)
                ~ " is " ~ duckdb_escape_comment(column.description) ~ ";"
            ) %}
        {%- endfor -%}
    {%- endif -%}
    {%- if comments -%}{% do run_query(comments | join("\n")) %}{%- endif -%}
{% endmacro %}

{# A test counts its rows, and only where there are any are they kept as a table. Rows that an earlier
   run has left are gone before the count, so that they never stand for a later one. #}
{% materialization test, adapter="duckdb" %}
    {%- set limited = get_limit_subquery_sql(sql, config.get("limit")) -%}
    {%- set target = api.Relation.create(
        identifier=model.alias, schema=schema, database=database, type="table"
    ) -%}
    {%- set kept = load_cached_relation(target) if should_store_failures() else none -%}
    {%- if kept is not none -%}{% do adapter.drop_relation(kept) %}{%- endif -%}

    {% call statement("main", fetch_result=True, auto_begin=False) -%}
        {{ get_test_sql(
            limited, config.get("fail_calc"), config.get("warn_if"), config.get("error_if"), limit=none
        ) }}
    {%- endcall %}

    {%- if should_store_failures() and load_result("main").table.rows[0][0] -%}
        {% call statement("kept", auto_begin=False) -%}
            create or replace table {{ target }} as (
                {{ limited }}
            );
        {%- endcall %}
    {%- endif -%}
    {{ return({"relations": []}) }}
{% endmaterialization %}

{# dbt's comments are for tables and views; a table function gets its description by this hook. #}
{% macro comment_on_function() -%}
    comment on macro table {{ this }} is '{{ model.description | trim | replace("'", "''") }}'
{%- endmacro %}
