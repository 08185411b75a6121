/** Words of what waits for a person's word: unknown replies, events nobody could take, accounts nobody is named for. */

export const zhLead = {
  "settle.delivered": "已送达",
  "settle.resent": "没有送达，重发",
  "settle.dropped": "没有送达，放弃",
  "settle.desk": "先接手会话，才能重发",
  "settle.title.delivered": "确认已送达？",
  "settle.title.resent": "确认没有送达，再发一遍？",
  "settle.title.dropped": "确认没有送达，不再发？",
  "settle.means.delivered": "您在咚咚里看到了这条消息。它会计为已送达，响应时间按下面的时间算。平台之后若回传，以平台的时间为准。",
  "settle.means.resent":
    "您在咚咚里确认没有这条消息。会用同样的文字发一条新消息，原来的标为发送失败。如果它其实已经送达，客户会收到两遍。",
  "settle.means.dropped": "您在咚咚里确认没有这条消息，也不再发。原来的标为发送失败，不算作答复。",
  "settle.at": "送达时间",
  "settle.at.hint": "不改就用最后一次发送的时间",
  "settle.at.wrong": "时间要在写下回复之后，且不晚于现在",
  "settle.known": "这条回复已经有结果了，或会话已不在您手上。页面已更新。",
  "settle.done.delivered": "已记为送达",
  "settle.done.resent": "已重发",
  "settle.done.dropped": "已记为没有送达",
  "unsettled.title": "结果未知的回复",
  "unsettled.chip": "结果未知 {n}",
  "unsettled.why": "这些回复发出去后没有收到平台的答复。到咚咚里看一眼，再说明结果。系统不会自己重发。",
  "unsettled.none": "没有结果未知的回复",
  "unsettled.nobody": "无人接待",
  "unsettled.more": "还有 {n} 条更晚的，处理完上面的会接着出现",
} as const;
