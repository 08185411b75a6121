/** Chinese, the first language. Keys of other languages are checked against this one. */

import { zhAudit } from "./zh.audit";
import { zhCodes } from "./zh.codes";
import { zhDesk } from "./zh.desk";
import { zhDetails } from "./zh.details";
import { zhEvents } from "./zh.events";
import { zhExports } from "./zh.exports";
import { zhKeys } from "./zh.keys";
import { zhLead } from "./zh.lead";
import { zhPeople } from "./zh.people";
import { zhReports } from "./zh.reports";
import { zhRetention } from "./zh.retention";
import { zhWebhooks } from "./zh.webhooks";
import { zhSecurity } from "./zh.security";
import { zhSearch } from "./zh.search";
import { zhSession } from "./zh.session";
import { zhImports } from "./zh.imports";
import { zhShops } from "./zh.shops";
import { zhStart } from "./zh.start";
import { zhTrouble } from "./zh.trouble";
import { zhWall } from "./zh.wall";

export const zh = {
  ...zhAudit,
  ...zhCodes,
  ...zhDesk,
  ...zhDetails,
  ...zhEvents,
  ...zhExports,
  ...zhKeys,
  ...zhLead,
  ...zhPeople,
  ...zhReports,
  ...zhRetention,
  ...zhWebhooks,
  ...zhSearch,
  ...zhSecurity,
  ...zhSession,
  ...zhImports,
  ...zhShops,
  ...zhStart,
  ...zhTrouble,
  ...zhWall,
  brand: "回音",
  "brand.line": "电商客服工作台",
  "nav.desk": "工作台",
  "nav.wall": "实时大屏",
  "nav.main": "主导航",

  "session.title": "登录",
  "session.login": "账号",
  "session.password": "密码",
  "session.submit": "登录",
  "session.missing": "请填写账号和密码。",
  "session.out": "退出登录",
  "session.language": "English",
  "session.dark": "深色",
  "session.light": "浅色",

  "presence.label": "我的状态",
  "presence.load": "接待 {load}/{capacity}",
  "presence.load.why": "正在接待 {load} 个会话，上限 {capacity} 个",

  "wire.online": "已连接",
  "wire.retrying": "重连中",
  "wire.offline": "已断开",
  "wire.connecting": "连接中",
  "wire.now": "立即重连",
  "wire.offline.why": "收不到新消息，正在自动重试。能看到的内容停在断开的那一刻，草稿会留着。",

  "ui.loading": "正在加载",
  "ui.home": "回到首页",
  "ui.copy": "复制",
  "ui.copied": "已复制",
  "ui.copy.id": "复制编号 {tail}",
  "ui.retry": "重试",
  "ui.failed": "没有成功",
  "ui.network": "连不上服务器",
  "ui.network.detail": "请检查网络后重试；如果同事也这样，请告诉组长。",
  "ui.broken": "服务器的回答读不懂",
  "ui.broken.detail": "请刷新页面再试；仍不行请告诉组长。",
  "ui.crash": "页面出错了",
  "ui.crash.detail": "草稿已保存在这台电脑上，刷新页面即可继续。",
  "ui.reload": "刷新页面",
  "ui.more": "加载更多",
  "ui.asof": "截至 {time}",
  "ui.none": "—",
  "ui.close": "关闭",
  "ui.cancel": "取消",
  "ui.back": "返回",
  "ui.no.screen": "你的角色在这里没有页面",
  "ui.no.screen.detail": "如果不对，请联系管理员调整角色。",
  "ui.missing": "没有这个页面",
  "ui.missing.detail": "地址可能写错了，或页面已经移走。",

  "time.today": "今天",
  "time.yesterday": "昨天",
  "time.seconds": "{n} 秒",
  "time.minutes": "{n} 分 {s} 秒",
  "time.hours": "{n} 小时 {m} 分",
  "time.days": "{n} 天",
} as const;

export type Word = keyof typeof zh;
