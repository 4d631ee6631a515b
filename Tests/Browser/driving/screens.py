"""The two devices on which every test runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    name: str
    width: int
    height: int
    touch: bool

    @property
    def options(self) -> dict:
        return {
            "viewport": {"width": self.width, "height": self.height},
            "has_touch": self.touch,
            "is_mobile": self.touch,
            "reduced_motion": "reduce",
        }


PHONE = Screen("phone", 360, 740, True)
DESK = Screen("desk", 1440, 900, False)
ALL = (PHONE, DESK)
