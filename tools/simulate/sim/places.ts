/** Which machines are in which zone, by what their labels say. */
export class Places {
  readonly #zones = new Map<string, readonly string[]>();

  get zones(): readonly string[] {
    return [...this.#zones.keys()];
  }

  nodesOf(zone: string): readonly string[] {
    return this.#zones.get(zone) ?? [];
  }

  /** A machine that joins the zone; its name is the zone's and a number that is free. */
  add(zone: string): string {
    const taken = new Set([...this.#zones.values()].flat());
    let number = 1;
    while (taken.has(`${zone}-${number}`)) number += 1;
    const name = `${zone}-${number}`;
    this.#zones.set(zone, [...this.nodesOf(zone), name]);
    return name;
  }

  move(node: string, from: string, to: string): void {
    this.#zones.set(
      from,
      this.nodesOf(from).filter((each) => each !== node),
    );
    this.#zones.set(to, [...this.nodesOf(to), node]);
  }
}
