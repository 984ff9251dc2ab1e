/** Cuts a text to this many characters, with an ellipsis at the end: the API server refuses a longer one. */
export function clip(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
