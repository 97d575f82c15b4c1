"""A procedure as it was and as it is: a step renamed, one added, deadlines told otherwise."""

from __future__ import annotations

FLOW = "de-nghi"
BEFORE = """
quytrinh: 1
flow: de-nghi
name: Đề nghị
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  head: {name: Trưởng phòng, who: {head_of: case.unit}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
start: {by: drafter}
steps:
  - {id: draft, name: Soạn, by: drafter, actions: {submit: {label: Trình}}}
  - id: review
    name: Kiểm tra
    by: head
    due: 3d
    actions:
      ok: {label: Đồng ý}
      back: {label: Trả lại, return_to: draft, then: back_here}
  - id: decide
    name: Quyết định
    by: leader
    due: {in: 2d, remind: 1d}
    actions: {approve: {label: Duyệt}, redo: {label: Xem lại, return_to: review}}
  - {end: done}
"""
# A step has another id and name, another one has come, a third reminds and escalates.
AFTER = (
    BEFORE.replace("id: review\n    name: Kiểm tra", "id: examine\n    name: Thẩm định")
    .replace("return_to: review", "return_to: examine")
    .replace(
        "  - id: decide",
        "  - {id: number, name: Lấy số, by: head, actions: {ok: {label: Xong}}}\n  - id: decide",
    )
    .replace("due: 3d", "due: {in: 5d, remind: 1d, escalate: leader}")
    .replace("remind: 1d}\n    actions: {approve", "remind: 4h}\n    actions: {approve")
    .replace("name: Đề nghị\n", "name: Đề nghị giải quyết\n")
)
# What is chosen for it: with a new neighbour, the difference does not take it for renamed.
MAPPING = {"review": "examine"}

# Members are asked, the lead's answer is enough, and all may be asked again.
OPINIONS = """
quytrinh: 1
flow: xin-y-kien
name: Lấy ý kiến các đơn vị
document: internal
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  unit_head: {name: Lãnh đạo đơn vị, who: {head_of: item.unit}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
start: {by: drafter}
steps:
  - id: draft
    name: Soạn công văn hỏi ý kiến
    by: drafter
    form: phieu-trinh
    actions: {submit: {label: Trình}}
  - id: ask
    name: Lấy ý kiến
    each: {units: [phong-nghiep-vu, van-phong]}
    lead: case.unit
    join: lead
    due: 3d
    steps:
      - id: answer
        name: Cho ý kiến
        by: unit_head
        form: y-kien
        actions: {send: {label: Gửi ý kiến}}
  - id: decide
    name: Quyết định
    by: leader
    actions:
      approve: {label: Duyệt}
      again: {label: Hỏi lại, return_to: ask, comment: required}
  - {end: done, name: Hoàn thành}
"""
