export interface Found {
  terms: string[];
}
export default class MiniSearch<T> {
  constructor(options: { fields: string[]; tokenize?: (text: string) => string[] });
  addAll(documents: readonly T[]): void;
  search(query: string, options?: { fuzzy?: number }): Found[];
}
