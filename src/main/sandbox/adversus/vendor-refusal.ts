/** A request the vendor answers with an error status and its `{code, message}` body. */
export class VendorRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'VendorRefusal';
    this.status = status;
  }
}
