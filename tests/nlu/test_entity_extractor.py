"""The component: entities in Rasa's shape, from the project's own directory."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.entity_extractor import EntityExtractor


def _extractor():
    return EntityExtractor.create(EntityExtractor.get_default_config(), None, None, None)


def test_entities_have_rasas_shape_and_positions_in_the_text():
    text = "Where do I eat in Lipa on 2027-03-12? +387 61 123 456"
    message = Message({TEXT: text, "language": {"name": "en", "confidence": 1.0}})
    _extractor().process([message])
    found = message.as_dict(only_output_properties=True)[ENTITIES]
    assert [(e["entity"], e["value"], text[e["start"] : e["end"]]) for e in found] == [
        ("centre", "lipa", "Lipa"),
        ("date", "2027-03-12", "2027-03-12"),
        ("phone", "+38761123456", "+387 61 123 456"),
    ]
    assert {e["extractor"] for e in found} == {"EntityExtractor"}


def test_a_message_without_text_has_none_and_earlier_entities_stay():
    earlier = {"entity": "x", "value": "y", "start": 0, "end": 1}
    messages = [Message({}), Message({TEXT: "lipa", ENTITIES: [earlier]})]
    _extractor().process(messages)
    assert messages[0].get(ENTITIES) == []
    assert [e["entity"] for e in messages[1].get(ENTITIES)] == ["x", "centre"]


def test_the_recipe_knows_the_component_as_an_extractor_that_is_not_trained():
    registered = DefaultV1Recipe._registered_components["EntityExtractor"]
    assert not registered.is_trainable
    assert registered.types == {DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR}
