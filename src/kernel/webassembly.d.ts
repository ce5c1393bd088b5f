// The part of the WebAssembly interface that giallo uses. Node's types do not declare it; TypeScript's `dom` library
// does, but would declare `window` and `document` as well.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: BufferSource);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, Memory>>);
    readonly exports: Record<string, unknown>;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
    grow(pages: number): number;
  }
  type BufferSource = ArrayBuffer | ArrayBufferView;
  function validate(bytes: BufferSource): boolean;
}
