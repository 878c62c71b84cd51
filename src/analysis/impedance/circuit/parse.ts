import { NotComputable } from '../../result.js';
import { type CircuitElement, circuitElements, type ElementParameter, fromTransformed } from './elements.js';

export interface ElementNode {
  kind: 'element';
  element: CircuitElement;
  /** Symbol and number as written, `CPE1`. */
  label: string;
  /** Position of its first parameter among those of the circuit. */
  first: number;
}

export interface BranchNode {
  kind: 'series' | 'parallel';
  children: CircuitNode[];
}

export type CircuitNode = ElementNode | BranchNode;

export interface CircuitParameter extends ElementParameter {
  /** `R1`, `CPE1_Q`, … */
  name: string;
  label: string;
}

/** A parsed circuit code. Parameters stand in the order in which the code names their elements. */
export interface Circuit {
  code: string;
  root: CircuitNode;
  parameters: CircuitParameter[];
}

const symbolsLongestFirst = [...circuitElements].sort((a, b) => b.symbol.length - a.symbol.length);
const accepted = circuitElements.map((element) => `${element.symbol} (${element.meaning})`).join(', ');

/** Reads one code from left to right; `at` is the place of the next character. */
class CircuitReader {
  private at = 0;
  private readonly labels = new Set<string>();
  readonly parameters: CircuitParameter[] = [];
  private readonly code: string;

  constructor(code: string) {
    this.code = code;
  }

  fail(message: string, position = this.at): never {
    throw new NotComputable(
      'BAD_CIRCUIT',
      `circuit "${this.code}", position ${position + 1}: ${message}. Elements are joined in series by "-" and in ` +
        `parallel by "p(a,b)", as in L0-R0-p(R1,CPE1)-CPE2; known elements, each with a number: ${accepted}`,
    );
  }

  read(): CircuitNode {
    const root = this.series();
    if (this.at < this.code.length) this.fail(`"${this.code[this.at]}" is not expected here`);
    return root;
  }

  private take(text: string): boolean {
    if (!this.code.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private series(): CircuitNode {
    const children = [this.part()];
    while (this.take('-')) children.push(this.part());
    return children.length === 1 ? children[0]! : { kind: 'series', children };
  }

  private part(): CircuitNode {
    return this.take('p(') ? this.parallel() : this.element();
  }

  private parallel(): CircuitNode {
    const opened = this.at - 2;
    const children = [this.series()];
    while (this.take(',')) children.push(this.series());
    if (!this.take(')')) this.fail('"," or ")" is missing here');
    if (children.length < 2) this.fail('p() needs at least two branches', opened);
    return { kind: 'parallel', children };
  }

  private element(): ElementNode {
    const start = this.at;
    const element = symbolsLongestFirst.find(({ symbol }) => this.take(symbol));
    if (!element) {
      const found = this.code[start];
      this.fail(
        found === undefined ? 'an element is missing at the end' : `no element begins with "${found}"`,
      );
    }
    const number = /^\d+/.exec(this.code.slice(this.at))?.[0];
    if (number === undefined) this.fail(`a number is missing after "${element.symbol}"`);
    this.at += number.length;
    const label = element.symbol + number;
    if (this.labels.has(label)) this.fail(`"${label}" is there twice`, start);
    this.labels.add(label);
    const first = this.parameters.length;
    for (const parameter of element.parameters) {
      this.parameters.push({ ...parameter, name: label + parameter.suffix, label });
    }
    return { kind: 'element', element, label, first };
  }
}

/**
 * Parses a circuit code such as `L0-R0-p(R1,CPE1)-CPE2`; blanks are ignored, nesting is allowed both ways.
 * @throws NotComputable `BAD_CIRCUIT`, naming the position (from 1) and what is accepted
 */
export function parseCircuit(text: string): Circuit {
  const reader = new CircuitReader(text.replace(/\s+/g, ''));
  const root = reader.read();
  return { code: codeOf(root), root, parameters: reader.parameters };
}

/** The code of a node, as it would be written. */
export function codeOf(node: CircuitNode): string {
  if (node.kind === 'element') return node.label;
  const parts = node.children.map(codeOf);
  return node.kind === 'series' ? parts.join('-') : `p(${parts.join(',')})`;
}

/** The elements below a node, in the order of the code. */
export function elementsOf(node: CircuitNode): ElementNode[] {
  return node.kind === 'element' ? [node] : node.children.flatMap(elementsOf);
}

/** The nodes in series at the top level of a circuit. */
export function topLevel(circuit: Circuit): CircuitNode[] {
  return circuit.root.kind === 'series' ? circuit.root.children : [circuit.root];
}

/** Positions, among the parameters, of the resistors in series at the top level of a circuit. */
export function seriesPlaces(circuit: Circuit): number[] {
  return topLevel(circuit).flatMap((node) =>
    node.kind === 'element' && node.element.symbol === 'R' ? [node.first] : [],
  );
}

/** The parameters in their units, computed from those on the transformed scale. */
export function untransformed(circuit: Circuit, theta: ArrayLike<number>): Float64Array {
  return Float64Array.from(circuit.parameters, ({ transform }, j) => fromTransformed(transform, theta[j]!));
}
