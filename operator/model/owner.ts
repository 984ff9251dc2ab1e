/** Whose a child is: a Kitchen by its uid, and the labels. */
export interface Owner {
  readonly kitchenUid: string;
  readonly kitchen: string;
  readonly station: string;
}
