"""The storyteller's scenes in English: a terse and a warm voice, and a narrator."""

import re

from desktop.providers.storyteller.grammar import Choice, Grammar, Voice

_NAMED = re.compile(
    r"\b(?:the|this|that|my|your|our|his|her|their|an?)\s+([a-z]{4,14})\b", re.IGNORECASE
)
_WEAK_WORDS = """
thing things other others same very only last next first more most right left good little
great whole time times kind sort
"""
_WEAK = frozenset(_WEAK_WORDS.split())


def _echo_word(line: str) -> str:
    found = [word for word in _NAMED.findall(line) if word.lower() not in _WEAK]
    nouns = [word for word in found if not word.endswith(("ing", "ed", "ly"))]
    return max(nouns, key=len, default="").lower()


_TERSE = Voice(
    hints=("terse", "short", "blunt", "dry", "gruff", "curt", "few words", "laconic"),
    replies={
        "greeting": (
            "I knew you by the footsteps.",
            "By the look of you, it is cold out there.",
            "There you are, {me}. We were about to start without you.",
            "Sit down, and keep your coat on.",
            "Hello, then. Save the rest for later.",
            "You sound cheerful. That makes one of us.",
            "Took you long enough, {me}. Never mind, you are here.",
            "{other} said you would come. I said you would be late. We were both right.",
        ),
        "question": (
            "Fair question. I only have half the answer.",
            "I did not see it myself, so I will not swear to it.",
            "I have a guess. I would rather be sure.",
            "You are the first to ask that out loud.",
            "Ask {other}. Somebody has been very quiet about it.",
            "Before I answer: why do you want to know?",
            "I could pretend to know. I am still looking, same as you.",
            "The answer is close. Just not where we looked.",
            "{other} owes you that one, not me.",
        ),
        "action": (
            "Easy. I will watch the side.",
            "If that is how it is, I am with you.",
            "Who taught you that?",
            "Careful. It is deeper than it looks.",
            "Go on. If it breaks, we fix it.",
            "{me} moves, and the whole room looks up.",
            "Steady hands. You have made up your mind, then.",
            "{other}, one step back. Give us room.",
        ),
        "dice": (
            "On three. I will hold my breath on three.",
            "Open your hand. Gripping them makes no number bigger.",
            "If it is down to luck, breathe first.",
            "Throw. I will be the witness.",
            "Numbers do not lie. People misread them.",
            "Low or high, chin up. It is not over.",
            "Eyes open, {other}. That number belongs to all of us.",
        ),
        "choice": (
            "That is {me} all over. I will carry the bags.",
            "Sure about that? Then go, I only ask once.",
            "That one. I would have done the same.",
            "Unexpected. I will not argue.",
            "Then do not look back. I will do that for you.",
            "Right. {other} walks in the middle.",
        ),
        "go_on": (
            "Quiet. That is when you should listen.",
            "Since nobody is talking, I will. Something bothers me.",
            "Rest a moment, {me}. This part is ours to settle.",
            "Wait. Did anyone else hear that?",
            "{other}, finish what you were going to say.",
        ),
        "other": (
            "I cannot let that pass.",
            "It adds up. That is what worries me.",
            "I would like to hear {other} on this.",
            "Easy to say. Someone still has to go first.",
            "Good. That helps more than you think.",
            "I will remember you said that, {me}.",
            "It happened once before. Nobody believed it then either.",
            "Cards on the table. All of them.",
            "I do not trust all of it. I am coming anyway.",
            "Keep it down. Walls listen.",
            "Odd. I was told the opposite an hour ago.",
            "Fine. Tonight I bet on you.",
        ),
    },
    echoes=(
        "So it is '{word}'. I did not expect to hear that word here.",
        "Of all things, '{word}'. That is no accident.",
        "If it is about the '{word}', I have something to say.",
        "Did you say '{word}'? Say it again, slowly.",
        "You say '{word}' and {other} goes pale. Interesting.",
    ),
    follow_ups=(
        "That much is certain.",
        "We can talk while we walk.",
        "{other}, what do you say?",
        "There is not much time.",
        "Do not worry too much.",
        "So decide, {me}.",
        "We shall see.",
        "Or I am wrong. It happens.",
    ),
)

_WARM = Voice(
    hints=("warm", "kind", "polite", "gentle", "cheerful", "friendly", "formal", "courteous"),
    replies={
        "greeting": (
            "I cannot remember when we were all together last.",
            "Did you see anything odd on your way here?",
            "Oh, {me}, how good to see you! We were hoping you would come.",
            "Welcome, welcome. There is a warm seat left, right over here.",
            "Hello! Mind your step, the floor is playing tricks tonight.",
            "I feel braver already, now that {me} is here.",
            "There you are! {other} has been asking after you all evening.",
            "Forgive me for greeting you so late; I came the long way round.",
        ),
        "question": (
            "I was wondering the very same thing. Shall we find out together?",
            "I know only a little, but I will not keep it from you.",
            "That is a hard one. Give me a moment, please.",
            "I think {other} knows more. I have only heard the stories.",
            "I may be mistaken, but I believe somebody was here before us.",
            "I am so glad you asked. I was afraid nobody would.",
            "Sometimes, if you do not chase it, the answer comes to you.",
            "I suspect you have half guessed it already, {me}.",
            "It is written nowhere, and that is just what makes me uneasy.",
        ),
        "action": (
            "Oh, careful! Let me take the other end.",
            "I knew you would. Here, let me help.",
            "Did you see that? It moved, only a little.",
            "Take your time. Nobody is hurrying you.",
            "{other}, would you hold the light for us?",
            "I was watching your hands, {me}. Not a moment's doubt.",
            "That far and no further. We count the rest together: one, two.",
            "I will mind this side; you just look ahead.",
        ),
        "dice": (
            "What a clear sound. Shall we call it a good sign?",
            "While they roll, let us be cross with nobody.",
            "I shall keep my fingers crossed for both of us.",
            "Whatever it shows, we will read it kindly.",
            "My heart is racing. Ought I to keep my eyes open?",
            "Breathe, {other}. They are only dice.",
            "Low numbers have stories too, and often the longer ones.",
        ),
        "choice": (
            "I thought you would choose that. Let me tie my laces.",
            "Now that you have said it, I cannot see any other way.",
            "Yes, that is a road even I can follow.",
            "As you wish. We can share the regrets later.",
            "If {me} has decided, then I shall get everything ready.",
            "That way? It frightens me a little, and I like it.",
        ),
        "go_on": (
            "It is so quiet that I can hear everything. Is it only me?",
            "Then I will begin. Something has been on my mind all this while.",
            "{other}, you were about to say something, were you not?",
            "Do rest, {me}. Let us try the next step ourselves.",
            "Wait, please. I think somebody is watching us.",
        ),
        "other": (
            "You have thought about that for a long time, I can tell.",
            "Now that you say it, everything before looks different.",
            "I am for it. And you, {other}?",
            "I believe you. May I ask for one small thing in return?",
            "I have never heard that before. Do tell me more.",
            "How strange: I am afraid, and my feet are already moving.",
            "When {me} puts it like that, it might just be true.",
            "Let us begin with something small. Large things tend to follow.",
            "I should like to look at the other side of it, too.",
            "I am writing that down. We will need it one day.",
            "I hope it is nothing. Only, it is never nothing.",
            "Would you keep that from {other} for now?",
        ),
    },
    echoes=(
        "I heard '{word}', did I not? I was just thinking of it.",
        "'{word}'... I know I have heard that somewhere, if only I could remember.",
        "The '{word}' is my business as well, I am afraid.",
        "Let us be careful with that '{word}' in front of {other}.",
        "I never thought I would hear '{word}' from you, {me}.",
    ),
    follow_ups=(
        "Do you not think so?",
        "Shall we wait a little longer?",
        "Am I wrong, {other}?",
        "Oh, that was only meant for myself.",
        "Still, I am glad we are not alone.",
        "What will you do, {me}?",
        "Whenever we hurry, we forget something.",
        "I promise.",
    ),
)

EN = Grammar(
    voices=(_TERSE, _WARM),
    gestures=(
        "nods slowly",
        "in a low voice",
        "searches for the words",
        "takes a step closer",
        "rolls up one sleeve",
        "narrows both eyes",
        "with half a smile",
        "shows two empty hands",
        "glances back",
        "lets out a long breath",
        "counts something off on the fingers",
        "turns to {me}",
        "meets the eyes of {other}",
        "waits until {other} has finished",
        "unfolds both arms",
        "looks at the floor for a moment",
    ),
    openings=(
        "{situation} Somebody draws a breath, and from there the story begins to move.",
        "{situation} All eyes turn to {me}.",
        "{situation} Nobody knows yet what the first word will cost.",
        "A light comes on, and the shadows find their places. Tonight's story begins here.",
    ),
    scenes={
        "greeting": (
            "An empty chair looks as if it had been waiting for just this.",
            "One greeting, and each of them remembers something else.",
            "While the greetings go round, the air in the room softens a little.",
            "At the sound of a name, one stiff shoulder comes down.",
            "The welcome is short. The silence behind it has not said yet what it wants.",
        ),
        "question": (
            "There was one question, and two heads turned.",
            "Where the question fell, a small stillness gathers.",
            "Nobody answers at once; not for lack of answers, but because there are too many.",
            "The question of {me} strikes the wall and comes to rest in front of {other}.",
            "Somewhere, something clicks into place. Good questions make that sound.",
        ),
        "action": (
            "There is a small sound, and it is the first answer of the night.",
            "It is a small movement, but everyone here has seen it.",
            "From where {me} has touched it, the scene begins to change.",
            "A thread of dust rises into the light: something long closed has just been opened.",
            "One footstep follows late. Counted out, it is one more than there are people here.",
        ),
        "dice": (
            "The last die tries to stand on its corner, thinks better of it, and falls.",
            "Wherever they rolled, a thin road of sound stays behind.",
            "As long as dice are rolling, nobody tells a lie.",
            "Only when the rattle stops does anyone breathe again.",
            "The number stands. Now somebody has to pay what it costs.",
        ),
        "choice": (
            "Somebody breathes out, and that is the signal.",
            "The words fall, and every foot points the same way.",
            "The roads not taken close, almost without a sound.",
            "It is decided, and what lies behind stays behind.",
            "On the side that {me} has chosen, a faint light blinks once.",
        ),
        "go_on": (
            "Nobody can say who began, but the hands that had stopped are moving again.",
            "A beat goes by. Nobody seems to have moved, yet the shadows stand in another order.",
            "Where the talk broke off, the sounds from outside seep in.",
            "While {me} watches, the others each shift by one step.",
        ),
        "other": (
            "The last word hangs in the air and settles slowly.",
            "For a moment, the look in the eyes of {other} wavers.",
            "Outside, the wind turns. Whether for the better, nobody can tell.",
            "Those words carry further than they were meant to.",
            "The light bows once and stands up again.",
        ),
    },
    omens=(
        "Then someone behind the door knocks three times, and once more.",
        "Far away a bell rings once. It is not the hour for it.",
        "Something at the edge of the table has moved by a hand's breadth. Nobody touched it.",
        "A little later, an unfamiliar name is called outside, quite clearly.",
    ),
    rolls=(
        "Here luck decides. Roll 2d6: {number} or more goes your way, less has its price.",
        "Let the dice answer this one. 2d6, the target is {number}.",
        "It will not be easy. With {number} or more on 2d6, nobody notices.",
    ),
    choices=(
        Choice(
            "Several ways lie open.",
            (
                "Walk towards the sound first",
                "Lower the light, hide, and watch",
                "Make {other} tell what there is to tell",
                "Leave a mark on the way back",
                "Call out and ask who is there",
            ),
        ),
        Choice(
            "It is for {me} to say.",
            (
                "Speak openly in front of everyone",
                "Take one person aside and ask",
                "Say nothing, and look for proof",
                "Go over every word from the beginning",
                "Put what is in the pocket on the table",
            ),
        ),
        Choice(
            "There is little time to wonder.",
            (
                "Move at once",
                "Bolt the door from the inside",
                "Split up and watch both sides",
                "Carry the heaviest thing out first",
                "Open the window and call for help",
            ),
        ),
        Choice(
            "There is not much in hand.",
            (
                "Keep the promise",
                "Ask to write the promise anew",
                "Deny that there ever was a promise",
                "Offer something in its place",
                "Fetch the one who heard it",
            ),
        ),
        Choice(
            "Here the story draws breath.",
            (
                "Pick up the thing nobody knows",
                "Take the hand of {other} and run",
                "Follow the footprints down",
                "Unfold the note with the names",
                "Sing an old song under the breath",
            ),
        ),
        Choice(
            "Somebody has to decide first.",
            (
                "Do as the youngest one says",
                "Try the keys one after another",
                "Blink the light three times",
                "Fetch water for everyone",
                "Open the folded side of the map",
            ),
        ),
        Choice(
            "What is left now is the heart.",
            (
                "Be the first to say sorry",
                "Smile and talk of something else",
                "Give away one secret, only one",
                "Read the letter aloud",
                "Set one more cup at the empty place",
            ),
        ),
    ),
    sounds=("creak", "knock, knock", "thud", "a small bell", "scratch", "click", "whoosh", "drip"),
    intent_words={
        "greeting": ("hello", "hi ", "hi,", "hi!", "good morning", "good evening", "greetings"),
        "question": ("what ", "who ", "where ", "when ", "why ", "how ", "which "),
        "dice": ("dice", "roll ", "rolls ", "i roll"),
        "choice": ("i choose", "i pick", "option "),
        "go_on": (),
        "action": ("i walk", "i open", "i take", "i look", "i go ", "i put", "i push", "i pull"),
        "other": (),
    },
    action_ending=re.compile(r"^I [a-z]+\b(?!.*\b(?:am|was|think|know|see)\b)"),
    echo_word=_echo_word,
    action_mark=" ",
)
