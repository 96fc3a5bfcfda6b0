/** Names that must arrive on a screen, in SQL and in a CSV as plain text. */
export const hostileTexts: readonly string[] = [
  '<script>alert("opsdeck")</script>',
  "Robert'); DROP TABLE deals;--",
  '👩‍👩‍👧‍👦 Zoë 🎉',
  '\u202Egnirts desrever\u202C',
  'مرحبا بالعالم',
  '=HYPERLINK("http://127.0.0.1/","Klicka")',
  '"><img src=x onerror=alert(1)>',
  '${process.exit(1)} {{7*7}} %s %n',
  'Z̸̢͠a̶l̴g̷o̸ \u0007\t\\ "quote"',
  'A'.repeat(300),
];

/** The n-th hostile text, with its number so that names stay different. */
export function hostileText(n: number): string {
  return `${hostileTexts[n % hostileTexts.length]} ${n}`;
}
