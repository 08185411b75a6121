"""What a customer writes is inspected like what we write: the finding is stored, shown and counted."""

from .stage import Customer, Stage


async def test_a_customer_who_threatens_to_complain_is_marked_in_the_chat_the_list_and_on_the_wall(
    stage: Stage, customer: Customer
) -> None:
    lead = await stage.person("lead")
    await customer.says("再不发货我就去12315投诉你们")
    await stage.settle()
    chat = await lead.opens(customer.conversation)
    (said,) = [each for each in chat["messages"] if each["sender"] == "customer"]
    words = {each["rule"]: said["text"][each["start"] : each["end"]] for each in said["findings"]}
    assert words == {"customer.authority": "12315", "customer.complaint": "投诉你"}
    assert chat["conversation"]["risk"] == "high"
    wall = await lead.get("/api/wall")
    assert {each["key"]: each["value"] for each in wall["figures"]}["findings"] >= 1
    rows = await lead.get("/api/wall/rows", figure="findings")
    assert [each["conversation"] for each in rows["rows"]] == [customer.conversation]
