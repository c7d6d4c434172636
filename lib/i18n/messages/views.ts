import type { Shape } from "../shape.ts";

export const en = {
  title: "Views",
  none: "No saved view of this list.",
  shared: "shared",
  save: "Save this filter",
  saveText: "The filter that is set now, to come back to.",
  saveConfirm: "Save",
  saved: "{name} saved",
  name: "Name",
  share: "Share it",
  shareHint: "Everybody in the console sees the view. What it shows them is still theirs to see or not.",
  remove: "Remove {name}",
  removeText: "The filter is forgotten. What it shows stays.",
  removeShared: "It is gone for everybody. What it shows stays.",
  removeConfirm: "Remove",
};

export const zh: Shape<typeof en> = {
  title: "视图",
  none: "此列表没有保存的视图。",
  shared: "已共享",
  save: "保存当前筛选",
  saveText: "保存当前的筛选条件，以便再次使用。",
  saveConfirm: "保存",
  saved: "已保存 {name}",
  name: "名称",
  share: "共享",
  shareHint: "控制台中的所有人都能看到此视图，但其内容仍受各自权限限制。",
  remove: "删除 {name}",
  removeText: "仅删除筛选条件，其内容不受影响。",
  removeShared: "对所有人删除，其内容不受影响。",
  removeConfirm: "删除",
};
