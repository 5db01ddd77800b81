type Json = Record<string, unknown>;

/**
 * The little of JSON Schema that an API client needs to hold an answer against the till's own document.
 * Answers the places that do not fit; a keyword it does not know is a place too, so nothing passes unseen.
 */
export function schemaErrors(value: unknown, schema: unknown, document: Json, place = '$'): string[] {
  const rules = object(schema);
  const errors: string[] = [];
  for (const [keyword, rule] of Object.entries(rules)) {
    if (HARMLESS.has(keyword)) continue;
    const check = CHECKS[keyword];
    if (check === undefined) errors.push(`${place}: keyword ${keyword} is not known here`);
    else errors.push(...check({ value, rule, rules, document, place }));
  }
  return errors;
}

/** The part of the document that a `#/a/b` reference names. */
export function resolve(document: Json, reference: string): Json {
  let found: unknown = document;
  for (const step of reference.replace('#/', '').split('/')) found = object(found)[step];
  return object(found);
}

export function object(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new Error('the document has an object here');
  return value as Json;
}

interface Place {
  readonly value: unknown;
  readonly rule: unknown;
  readonly rules: Json;
  readonly document: Json;
  readonly place: string;
}

type Check = (at: Place) => string[];

const HARMLESS = new Set(['description', 'example', 'title', 'format']);

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const fits = (holds: boolean, place: string, what: string) => (holds ? [] : [`${place}: ${what}`]);

const isMap = (value: unknown): value is Json => KINDS['object']?.(value) === true;

const CHECKS: Readonly<Record<string, Check>> = {
  $ref: ({ value, rule, document, place }) =>
    schemaErrors(value, resolve(document, String(rule)), document, place),
  type: ({ value, rule, place }) =>
    fits(
      [rule].flat().some((kind) => KINDS[String(kind)]?.(value)),
      place,
      `is not ${String(rule)}`,
    ),
  enum: ({ value, rule, place }) => fits((rule as unknown[]).includes(value), place, 'is not in the list'),
  const: ({ value, rule, place }) => fits(value === rule, place, `is not ${String(rule)}`),
  pattern: ({ value, rule, place }) =>
    fits(typeof value !== 'string' || new RegExp(String(rule), 'u').test(value), place, `is not ${rule}`),
  minimum: ({ value, rule, place }) =>
    fits(typeof value !== 'number' || value >= Number(rule), place, 'too small'),
  maximum: ({ value, rule, place }) =>
    fits(typeof value !== 'number' || value <= Number(rule), place, 'too large'),
  minLength: ({ value, rule, place }) =>
    fits(typeof value !== 'string' || value.length >= Number(rule), place, 'too short'),
  maxLength: ({ value, rule, place }) =>
    fits(typeof value !== 'string' || value.length <= Number(rule), place, 'too long'),
  minItems: ({ value, rule, place }) =>
    fits(!Array.isArray(value) || value.length >= Number(rule), place, 'too few'),
  maxItems: ({ value, rule, place }) =>
    fits(!Array.isArray(value) || value.length <= Number(rule), place, 'too many'),
  required: ({ value, rule, place }) =>
    isMap(value)
      ? (rule as string[]).filter((name) => !(name in value)).map((name) => `${place}.${name} is missing`)
      : [],
  properties: ({ value, rule, document, place }) =>
    Object.entries(object(rule)).flatMap(([name, schema]) =>
      isMap(value) && name in value ? schemaErrors(value[name], schema, document, `${place}.${name}`) : [],
    ),
  additionalProperties: ({ value, rule, rules, place }) => {
    if (rule !== false || !isMap(value)) return [];
    const known = Object.keys(object(rules['properties'] ?? {}));
    return Object.keys(value).flatMap((name) =>
      known.includes(name) ? [] : [`${place}.${name} is unknown`],
    );
  },
  items: ({ value, rule, document, place }) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => schemaErrors(item, rule, document, `${place}[${index}]`))
      : [],
  anyOf: ({ value, rule, document, place }) => {
    const tries = (rule as unknown[]).map((schema) => schemaErrors(value, schema, document, place));
    return tries.some((errors) => errors.length === 0) ? [] : [`${place}: fits none of its forms`];
  },
};
