/** The owner of a child: the Kitchen by its uid, and the names that the child's labels carry. */
export interface Owner {
  readonly kitchenUid: string;
  readonly kitchen: string;
  readonly station: string;
}
