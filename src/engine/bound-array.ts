/**
 * Long arrays as parameters of a statement: ClickHouse takes no parameter of more than 128 KiB of text
 * (`http_max_field_value_size`), so an array is cut into several and put together again by the server.
 */

/** A piece of SQL with the parameters that it names. */
export interface BoundSql {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Numbers in a parameter: 24 characters are the longest float64, and its comma. */
const itemsPerParameter = 4096;

/** `values` as an expression of `type`, such as `Array(Float64)`, whose parameters begin with `name`. */
export function boundArray(name: string, type: string, values: readonly (number | string)[]): BoundSql {
  const parameters: Record<string, unknown> = {};
  const pieces: string[] = [];
  for (let start = 0; start === 0 || start < values.length; start += itemsPerParameter) {
    const piece = `${name}_${pieces.length}`;
    parameters[piece] = `[${values.slice(start, start + itemsPerParameter).join(',')}]`;
    pieces.push(`{${piece}:${type}}`);
  }
  return { sql: pieces.length === 1 ? pieces[0] : `arrayConcat(${pieces.join(', ')})`, parameters };
}
