// Makes catalog/data/starter-products.tsv: the starter shop's list. Names and forms come from the national
// list, everything else is invented here and marked so. The same input gives the same file:
//   node tools/make-starter.js
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

const HEAD = [
  '# 虚构的示例商品目录：厂家、批准文号、国家医保编码、条码、价格、上限、库存均为编造，不得用于正式结算。',
  '# Invented starter list: makers, approval numbers, national codes, barcodes, prices, ceilings and stock are made up.',
  '# Names and forms follow the national list 2024 (国家医保药品目录), see README.md beside this file.',
];
const COLUMNS = [
  'shop_code',
  'national_code',
  'generic_name',
  'trade_name',
  'form',
  'specification',
  'maker',
  'approval_number',
  'barcode',
  'pack_unit',
  'price',
  'insurance_class',
  'first_self_pay',
  'ceiling',
  'category',
  'prescription',
  'stock',
  'remark',
];
const MAKERS = [
  '示例制药有限公司',
  '样本药业股份有限公司',
  '虚构生物制药有限公司',
  '演示药业集团有限公司',
  '培训制药有限公司',
  '假想中药厂',
  '练习堂药业有限公司',
  '试点健康科技有限公司',
];
// First syllables of invented trade names; none is a registered brand that we know of.
const BRANDS = ['示康', '样宁', '虚安', '演舒', '培欣', '假想', '练和', '试乐'];
const DOSAGE = [
  ['肠溶片', 'A012'],
  ['缓释片', 'A010'],
  ['分散片', 'A006'],
  ['阴道片', 'A008'],
  ['片', 'A001'],
  ['软胶囊', 'E002'],
  ['胶囊', 'E001'],
  ['颗粒', 'N001'],
  ['糖浆', 'K001'],
  ['栓', 'D001'],
  ['散', 'P001'],
  ['乳膏', 'F002'],
  ['软膏', 'F001'],
  ['口服溶液', 'X001'],
  ['混悬液', 'X003'],
];
const FORMS = [
  '缓释胶囊',
  '肠溶胶囊',
  '软胶囊',
  '胶囊',
  '肠溶片',
  '缓释片',
  '控释片',
  '分散片',
  '咀嚼片',
  '阴道片',
  '片',
  '颗粒',
  '口服溶液',
  '口服液',
  '混悬液',
  '糖浆',
  '合剂',
  '滴丸',
  '丸',
  '滴眼液',
  '软膏',
  '乳膏',
  '膏',
  '洗剂',
  '气雾剂',
  '栓',
  '散',
  '酊',
  '露',
  '液',
  '水',
  '油',
];

const list = read('catalog/data/national-list-2024.tsv')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .slice(1)
  .map((line) => {
    const [, part, classCode, , kind, , , name, form, remark] = line.split('\t');
    return { part, classCode, kind, name, form, remark };
  });
const rows = [];

function table(path) {
  return read(path)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('|'));
}

/** 感冒清热颗粒(片、胶囊) stands for three names. */
function namesOf(name) {
  const match = /^(.+?)\(([^)]*)\)$/.exec(name);
  if (match === null) return [name];
  const [, first, others] = match;
  const form = FORMS.find((end) => first.endsWith(end)) ?? '';
  const stem = first.slice(0, first.length - form.length);
  return [name, first, ...others.split('、').map((end) => stem + end)];
}

function entryOf(found, what) {
  if (found === undefined) throw new Error(`not in the national list: ${what}`);
  return found;
}

function checkDigit(body) {
  let sum = 0;
  for (let place = 0; place < body.length; place += 1) {
    sum += Number(body[body.length - 1 - place]) * (place % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}

const pad = (number, length) => String(number).padStart(length, '0');

/** Whole fen in, text out; no floating point near prices. */
const yuan = (fen) => `${Math.trunc(fen / 100)}.${pad(fen % 100, 2)}`;
const fenOf = (text) => Number(text.replace('.', ''));

function nationalCode(classCode, genericNumber, name, pack, maker) {
  const part = classCode.slice(1).padEnd(5, 'Z');
  if (classCode.startsWith('Z'))
    return `Z${part}Z${pad(genericNumber, 4)}01${pad(pack, 2)}990${pad(maker, 2)}`;
  const dosage = DOSAGE.find(([end]) => name.endsWith(end))?.[1] ?? 'Z001';
  return `X${part}Z${pad(genericNumber, 3)}${dosage}01${pad(pack, 2)}990${pad(maker, 2)}`;
}

function add(row) {
  const number = rows.length + 1;
  const barcode = row.noBarcode ? '' : `69099${pad(row.maker, 2)}${pad(number, 5)}`;
  rows.push({
    shop_code: `1${pad(number, 5)}`,
    maker: MAKERS[row.maker - 1],
    barcode: barcode === '' ? '' : barcode + checkDigit(barcode),
    stock: String([36, 120, 12, 58, 0, 24, 9, 200, 3, 75][number % 10]),
    ...Object.fromEntries(Object.entries(row).filter(([name]) => !['maker', 'noBarcode'].includes(name))),
  });
}

/** Two makers of each drug, and a large pack of every third. */
function addDrug(drug, entry, index, code) {
  const first = (index % 5) + 1;
  const variants = [
    { maker: first, pack: 1, percent: 100 },
    { maker: (first % 8) + 1, pack: 1, percent: 78 },
    ...(index % 3 === 0 ? [{ maker: first, pack: 2, percent: 185 }] : []),
  ];
  for (const [place, { maker, pack, percent }] of variants.entries()) {
    const fen = Math.round((fenOf(drug.price) * percent) / 100);
    const selfPay = ['0.05', '0.10', '0.20'][index % 3];
    const dear = percent >= 100 && index % 7 === 2;
    add({
      national_code: index % 41 === 40 && place === 1 ? '' : code(pack, maker),
      generic_name: drug.name,
      trade_name: place === 0 && index % 2 === 0 ? BRANDS[maker - 1] + drug.name.slice(0, 2) : '',
      form: drug.form,
      specification: pack === 2 ? `${drug.specification}(大包装)` : drug.specification,
      maker,
      approval_number: `国药准字${drug.letter}2099${pad(index * 10 + place, 4)}`,
      noBarcode: rows.length % 29 === 28,
      pack_unit: drug.unit,
      price: yuan(fen),
      insurance_class: entry.kind,
      first_self_pay: entry.kind === '乙' ? selfPay : '0',
      ceiling: dear ? yuan(Math.round((fen * 9) / 10)) : '',
      category: '药品',
      prescription: drug.rx === '1' ? '处方药' : '非处方药',
      remark: entry.remark,
    });
  }
}

function formOf(name) {
  const form = FORMS.find((end) => name.replace(/\(.*\)/, '').endsWith(end)) ?? '其他';
  return (
    {
      片: '片剂',
      颗粒: '颗粒剂',
      胶囊: '胶囊剂',
      丸: '丸剂',
      散: '散剂',
      栓: '栓剂',
      膏: '膏剂',
      糖浆: '糖浆剂',
    }[form] ?? form
  );
}

for (const [index, [name, listName, listForm, specification, unit, price, rx]] of table(
  'tools/starter/western.txt',
).entries()) {
  const entry = entryOf(
    list.find((row) => row.name.split(' ').includes(listName) && row.form === listForm && row.kind !== ''),
    `${listName} ${listForm}`,
  );
  const code = (pack, maker) => nationalCode(entry.classCode, index, name, pack, maker);
  addDrug({ name, form: formOf(name), specification, unit, price, rx, letter: 'H' }, entry, index, code);
}
for (const [index, [name, specification, unit, price, rx]] of table('tools/starter/patent.txt').entries()) {
  const entry = entryOf(
    list.find((row) => row.kind !== '' && row.name.split(' ').some((one) => namesOf(one).includes(name))),
    name,
  );
  const letter = entry.classCode.startsWith('Z') ? 'Z' : 'H';
  const code = (pack, maker) => nationalCode(entry.classCode, index + 500, name, pack, maker);
  addDrug({ name, form: formOf(name), specification, unit, price, rx, letter }, entry, index + 500, code);
}
for (const [index, [name, price]] of table('tools/starter/herbal.txt').entries()) {
  const entry = entryOf(
    list.find((row) => row.part.startsWith('基金予以') && row.name === name),
    name,
  );
  add({
    national_code: `T99${pad(index + 1, 7)}`,
    generic_name: name,
    form: '中药饮片',
    specification: '统货',
    maker: 6,
    noBarcode: true,
    pack_unit: '克',
    price,
    insurance_class: '乙',
    first_self_pay: '0.05',
    category: '中药饮片',
    prescription: '处方药',
    stock: '2500',
    remark: entry.remark,
  });
}
for (const [index, [name, form, specification, unit, price, category, coded]] of table(
  'tools/starter/outside.txt',
).entries()) {
  add({
    national_code: coded === '1' ? `XZ99ZZZ${pad(index, 3)}Z0010101990${pad(8, 2)}` : '',
    generic_name: name,
    form,
    specification,
    maker: 8,
    pack_unit: unit,
    price,
    insurance_class: '丙',
    first_self_pay: '1',
    category: { drug: '药品', health: '保健食品', material: '医用材料' }[category],
    prescription: '非处方药',
  });
}

// One barcode on two packs, as shops really have it: the till then asks which.
const large = rows.findIndex((row, index) => index > 300 && row.specification.endsWith('(大包装)'));
rows[large].barcode = rows[large - 2].barcode;

const lines = rows.map((row) => COLUMNS.map((column) => row[column] ?? '').join('\t'));
writeFileSync(
  new URL('catalog/data/starter-products.tsv', root),
  `${[...HEAD, COLUMNS.join('\t'), ...lines].join('\n')}\n`,
);
console.log(`${rows.length} products`);
