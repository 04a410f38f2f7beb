"""What is refused of those who gave the marks of a rating."""

from jifen.kernel.errors import InvalidInput


class RatersMissing(InvalidInput):
    code = "raters_missing"
    default_field = "ratings"
    message = "{who}的每个分数都要写明是谁打的，一人一个分数，例如“张三 8、李四 9”。"


class RaterTwice(InvalidInput):
    code = "rater_twice"
    default_field = "ratings"
    message = "{who}里“{name}”写了两次，一个人只打一个分数，请去掉一个。"


class RaterOutside(InvalidInput):
    code = "rater_outside"
    default_field = "ratings"
    message = "“{name}”不是这一户的人，不能替这一户自评，请改写这一户的人。"


class RaterNear(InvalidInput):
    code = "rater_near"
    default_field = "ratings"
    message = "“{name}”是这一户的人或亲属，不能给这一户{who}打分，请换一个人。"
