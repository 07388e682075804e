// Computes workbooks with HyperFormula: node hyperformula_compute.js < WORKBOOKS.json > VALUES.json
// In: a list of {sheets: {name: rows}, names: {name: formula}}; out: a list of {name: rows}.
const { HyperFormula } = require("hyperformula");

const OPTIONS = {
  licenseKey: "gpl-v3",
  nullDate: { year: 1899, month: 12, day: 31 }, // these two as in Excel
  leapYear1900: true,
  smartRounding: false, // or sums keep ten digits
};

function computed({ sheets, names }) {
  const all = { ...names, TRUE: "=TRUE()", FALSE: "=FALSE()" }; // it has only the functions
  const expressions = Object.entries(all).map(([name, expression]) => ({ name, expression }));
  const engine = HyperFormula.buildFromSheets(sheets, OPTIONS, expressions);
  const values = engine.getAllSheetsValues();
  engine.destroy();
  return values;
}

const chunks = [];
process.stdin
  .on("data", (chunk) => chunks.push(chunk))
  .on("end", () => {
    const books = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    process.stdout.write(JSON.stringify(books.map(computed)));
  });
