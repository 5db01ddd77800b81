/** The part of an XState node that a diagram needs. */
interface DrawableNode {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly initial: { readonly target: readonly { readonly id: string }[] | undefined };
  readonly states: Readonly<Record<string, DrawableNode>>;
  readonly transitions: ReadonlyMap<
    string,
    readonly { readonly eventType: string; readonly target: readonly { readonly id: string }[] | undefined }[]
  >;
}

/** A machine as Mermaid text: kept in each machine's README and compared by a test. */
export function toMermaid(root: unknown): string {
  const lines = ['stateDiagram-v2'];
  drawChildren(root as DrawableNode, lines, '  ');
  drawTransitions(root as DrawableNode, lines);
  return `${lines.join('\n')}\n`;
}

function drawChildren(node: DrawableNode, lines: string[], indent: string): void {
  const children = Object.values(node.states);
  const first = node.initial.target?.[0];
  if (node.type === 'compound' && first !== undefined) lines.push(`${indent}[*] --> ${name(first.id)}`);
  children.forEach((child, index) => {
    if (node.type === 'parallel' && index > 0) lines.push(`${indent}--`);
    if (Object.keys(child.states).length === 0) {
      lines.push(`${indent}state "${child.key}" as ${name(child.id)}`);
      return;
    }
    lines.push(`${indent}state "${child.key}" as ${name(child.id)} {`);
    drawChildren(child, lines, `${indent}  `);
    lines.push(`${indent}}`);
  });
}

function drawTransitions(node: DrawableNode, lines: string[]): void {
  for (const definitions of node.transitions.values()) {
    for (const definition of definitions) {
      for (const target of definition.target ?? []) {
        const line = `  ${name(node.id)} --> ${name(target.id)} : ${eventName(definition.eventType)}`;
        if (!lines.includes(line)) lines.push(line);
      }
    }
  }
  for (const child of Object.values(node.states)) drawTransitions(child, lines);
}

function eventName(type: string): string {
  return type
    .replace(/^xstate\.done\.actor\./, 'done ')
    .replace(/^xstate\.error\.actor\./, 'error ')
    .replace(/^xstate\.after\.(\w+)\..*/, 'after $1');
}

function name(id: string): string {
  return id.replace(/[^A-Za-z0-9]/g, '_');
}
