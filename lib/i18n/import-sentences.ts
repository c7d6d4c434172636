/** Why something in a file of another server cannot be read, and the same in Chinese, as in sentences.ts. */
export const chineseImportSentences: readonly (readonly [english: string, chinese: string])[] = [
  ["expected {count} fields{columns}", "应有 {count} 个字段{columns}"],
  ["there is no user name", "没有用户名"],
  ["there is no host", "没有主机"],
  ["there is no password", "没有密码"],
  ["line {line}: a field is longer than {most} characters", "第 {line} 行：有字段超过 {most} 个字符"],
  ["line {line}: text after a quoted field", "第 {line} 行：带引号的字段之后还有文字"],
  ["line {line}: a quote in the middle of a field", "第 {line} 行：字段中间有引号"],
  ["line {line}: it has more than {most} fields", "第 {line} 行：超过 {most} 个字段"],
  ["line {line}: a quoted field is not closed", "第 {line} 行：带引号的字段没有结束"],
  ["this is not what ejabberdctl dump writes", "这不是 ejabberdctl dump 写出的文件"],
  ["{count} records are left out", "{count} 条记录未导入"],
  ["this is no Erlang term: {place}", "这不是 Erlang 数据：{place}"],
  ["line {line} is no data of Prosody: {text}", "第 {line} 行不是 Prosody 的数据：{text}"],
];
