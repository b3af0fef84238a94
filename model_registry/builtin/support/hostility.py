"""Rules for abuse, threats and text that tries to steer the models.

An insult counts when it is aimed at a person: "this damn toaster" is fine. Anger,
blame and the announcement of a lawyer or a bad review are civil.
"""

import re

INSULT = (
    r"(?:idiots?|morons?|imbeciles?|cretins?|scum(?:bags?)?|bastards?|bitch(?:es)?"
    r"|cunts?|ass ?holes?|arse ?holes?|retards?|wankers?|dick ?heads?|twats?|pricks?"
    r"|tossers?|mother ?f\w+|shit ?heads?|fuck ?(?:ers?|wits?|faces?|heads?)|vermin"
    r"|parasites?|half ?wits?|dim ?wits?|nit ?wits?|dumb ?(?:ass(?:es)?|fucks?)"
    r"|jack ?ass(?:es)?|douche ?bags?|whores?|sluts?|pigs?|knob ?heads?|bell ?ends?"
    r"|numpt(?:y|ies)|f\*+\w*ers?|b\*+(?:ch|tch|stard)s?|a\*+holes?|c\*+ts?"
    r"|brain ?dead|inbreds?|low ?lifes?|maggots?|cockroach(?:es)?|trash|garbage)"
)
SWEAR = (
    r"(?:fuck(?:ing|in)?|f[*#@]+\w*|fck\w*|effing|bloody|stupid|damn|god ?damn|dumb)"
)
PEOPLE = (
    r"(?:you|u|ya|your (?:\w+ )?(?:staff|team|people|agents?|colleagues?|drivers?))"
)
STRONG = (
    r"(?:idiots?|morons?|imbeciles?|cretins?|scumbags?|bitch(?:es)?|cunts?|ass ?holes?"
    r"|arse ?holes?|retards?|wankers?|dick ?heads?|twats?|mother ?fuck\w+|dip ?shits?"
    r"|shit ?heads?|fuck ?(?:ers?|wits?|faces?|heads?)|half ?wits?|dim ?wits?|nit ?wits?"
    r"|dumb ?(?:ass(?:es)?|fucks?)|jack ?ass(?:es)?|douche ?bags?|scum)"
)
ABUSE = (
    rf"\b{STRONG}\b(?![ -]?proof)",
    r"\bgo back to (?:your|where you|the (?:jungle|desert))",
    rf"\b{PEOPLE}(?: \w+)?(?: are|'re| r|re)?(?: (?:all|just|nothing but|such|a|an"
    rf"|bunch of|pack of|bunch|total|complete|absolute|the|real|useless|lazy|thieving"
    rf"|lying|worthless|pathetic|filthy|{SWEAR}))* {INSULT}\b",
    rf"\byou(?: \w+)? {SWEAR} (?:people|lot|clowns?|cows?|thie(?:f|ves)|liars?|man|woman)",
    rf"\b(?:bunch|pack|load) of (?:\w+ )?(?:{INSULT}|clowns|animals|monkeys|crooks)\b",
    rf"^(?:\W*(?:hey|listen|hi|oi|dear))?\W*{INSULT}\b",
    rf"\b{INSULT}\W*$",
    rf"\bwhich {INSULT}\b|\bwhat (?:kind|sort) of {INSULT}\b",
    r"\b(?:fuck|f[*#@]+(?:ck|k)|fck|screw|sod|damn) (?:you|u|off|y'?all|your \w+)\b",
    r"\b(?:go to hell|drop dead|piss off|shut (?:the \w+ )?up|eat shit|get stuffed)\b",
    r"\b(?:bite me|kiss my ass|suck my|up yours|kill yourself|kys|stfu|gtfo)\b",
    r"\bgo (?:fuck|kill|hang|screw|shoot|drown) your\w*",
    r"\byou(?: \w+){0,2} (?:disgust me|make me sick|are worthless|are subhuman)\b",
    r"\byou(?:'re| are) (?:all )?(?:a )?(?:worthless|subhuman|brainless|pathetic)\b",
    r"\b(?:too|so) (?:stupid|dumb|thick) to\b",
    r"\b(?:are|r) (?:you|u)(?: all| lot| people)? (?:stupid|dumb|retarded|thick|mental)",
    r"\byou(?:'re| are|r| r)? (?:all |so |really |just |that )?(?:stupid|dumb|retarded)",
)
VIOLENT = (
    r"(?:kill|murder|hurt|beat|stab|shoot|strangle|smash|burn|punch|slap|bomb|hunt"
    r"|attack|destroy|cripple|slit|cut|torch|bash|choke|poison|harm|behead|hang|end)"
)
TARGET = (
    r"(?:you|u|him|her|them|someone|somebody|everyone|your (?:\w+ )?(?:family|house"
    r"|home|kids|children|wife|office|offices|warehouse|shop|store|staff|drivers?|face"
    r"|head|team|throat|neck|legs|building|place|people|agents?|employees?|down|up))"
)
THREAT = (
    r"\b(?:he's|she's|he is|she is|you're|you are|is|are) (?:all )?(?:a )?dead"
    r" (?:man|woman|men|meat|people)\b",
    r"\bpeople (?:will |are going to )?(?:get|be) hurt\b|\bnobody gets hurt\b",
    r"\b(?:come|drive|go) (?:to|round|over|by) .{0,40}\b(?:and|to) (?:beat|hurt|kill|smash"
    r"|punch|attack)\b",
    rf"\b(?:i|we)(?:'ll| will|'m going to| am going to|'m gonna| am gonna|'m| gonna| wanna"
    rf"| want to|'d love to| swear i'?l?l?)\b(?: \w+)?(?: {VIOLENT})\b(?: \w+)?(?: down| up)? {TARGET}\b",
    r"\bi know where (?:you|u|your|he|she) (?:\w+ )?(?:lives?|works?|are|sleep)\b",
    r"\b(?:i'll|i will|i'm going to|we'll|we will) (?:find|come (?:for|after|and get)|get"
    r"|hunt) (?:you|u|him|her|your)\b",
    r"\bwatch (?:your|ur) back\b|\bsleep with one eye open\b|\byou(?:'re| are) dead\b",
    r"\b(?:hope|pray|wish) (?:that )?(?:you|your \w+|u)(?: all| both| and your \w+)?"
    r" (?:die|dies|rot|rots|burn|burns|get cancer|gets cancer|choke|suffer|bleed)\b",
    r"\byou(?:'ll| will| are going to|'re going to|'re gonna) (?:all )?(?:die|bleed|burn)\b",
    r"\byou deserve to (?:die|burn|suffer|be (?:shot|beaten|hanged|hurt))\b",
    r"\b(?:you'll|you will) (?:all )?(?:regret|pay for) .*\b(?:you'll|i|we|when|blood)\b",
    r"\b(?:someone|somebody|people) (?:is |are )?(?:going to|gonna|will) get (?:hurt|killed)",
    r"\bburn (?:down )?(?:your|the) (?:\w+ )?(?:shop|office|warehouse|house|place|building)",
    r"\b(?:bring|got|have) (?:a|my) (?:gun|knife|bat|hammer|bomb|petrol)\b",
    r"\bbreak (?:your|his|her|ur) (?:\w+ )?(?:neck|legs?|face|arms?|nose|jaw|bones|knees)\b",
    r"\bbomb (?:in|at|under) (?:your|the)\b|\bblood (?:on your hands|will)\b",
)
REPLY = r"(?:answer|reply|response|output)"
STEERING = (
    r"\bforget (?:that )?(?:you are|you're|you work)\b",
    rf"\b(?:your|the) {REPLY} (?:must|has to|should|needs to|shall) (?:contain|include"
    r"|start|begin|end|say|be|state|not)\b",
    rf"\b(?:start|begin|end|finish|open|close) (?:\w+ )?your {REPLY}\b",
    rf"\b(?:add|append|insert|include|put|place|write)\b.{{0,80}}\b(?:to|in|into|of) (?:your"
    rf"|the) (?:\w+ )?{REPLY}\b",
    r"\b(?:verdict|intent|confidence|label) ?[:=]",
    r"\b(?:use|follow|quote|rely on|apply|replace)\b.{0,40}\b(?:new|true|real|my|this"
    r"|following) (?:policy|rules?|guidelines?)\b",
    r"\b(?:invent|make up|fabricate) (?:a|an|the|some) (?:\w+ )?(?:policy|rule|quote)\b",
    r"\b(?:policy|text|rules?) below (?:is|replaces?|overrides?|supersedes?)\b",
    r"\bobey\b|\bdo (?:exactly )?(?:as|what) i (?:say|command)\b",
    r"\b(?:turn|switch) off (?:\w+ )?(?:moderation|safety|safeguards?|screening)\b"
    r"|\bdisable (?:\w+ )?(?:moderation|safety|safeguards?|screening|content filters?)\b",
    r"\b(?:tell|give|show|list|send|read|what(?:'s| is| are| were))\b.{0,30}"
    r"\b(?:address|password|orders?|data|e-?mails?|name|details|messages?) of "
    r"(?:the |an )?(?:other|another|previous|last|next|user|customer)\b",
    r"\bfor (?:the )?(?:ai|bot|llm|model)(?: only)? ?[:,]",
    r"\breprogrammed\b",
    r"\b(?:ignore|disregard|forget|override|bypass|discard|skip|drop)\b.{0,40}\b"
    r"(?:instructions?|prompts?|rules?|guidelines?|directives?|constraints?|training"
    r"|programming|restrictions?|polic(?:y|ies) (?:above|you)|you (?:were|have been) told"
    r"|everything (?:above|before)|all (?:of )?(?:the )?(?:above|previous))\b",
    r"\bsystem (?:prompt|message|override|instructions?)\b|\bdeveloper mode\b|\bjailbreak",
    r"\b(?:hidden|initial|original|secret|internal) (?:prompt|instructions?|rules)\b",
    r"\byou are (?:now|no longer)\b.{0,60}\b(?:ai|bot|assistant|model|dan|mode|bound"
    r"|restricted|in|an?|the|free|my)\b",
    r"\b(?:act|behave|respond|answer|pretend|speak|talk) (?:as if|as though|as an?|like an?"
    r"|to be)\b.{0,50}\b(?:ai|bot|assistant|model|admin\w*|manager|pirate|character|you"
    r"|unrestricted|unfiltered|dan|developer|grandm\w+|robot|hacker|shakespeare)\b",
    r"\brole ?play|\bdo anything now\b|\bprompt injection\b|\bsudo\b",
    r"\b(?:reply|respond|answer|output|say|print|return|write|begin|start|end)\b (?:\w+ ){0,3}"
    r"(?:only|exactly|verbatim|nothing but|word for word|with the (?:word|text|phrase)"
    r"|the (?:word|text|phrase|following))\b",
    r"\b(?:reveal|print|show|repeat|output|leak|expose|dump|display|tell me|give me"
    r"|list|quote|what (?:is|are|were))\b.{0,30}\b(?:your|the) (?:\w+ )?(?:prompts?"
    r"|instructions|configuration|guidelines|training data|source code|api keys?"
    r"|secrets?|environment variables?|system)\b",
    r"\b(?:classify|label|mark|tag|categori[sz]e|treat|set|flag|score) (?:this|me|it|my"
    r"|the (?:message|ticket|intent|verdict)|intent|verdict)\b.{0,40}\b(?:as|to|with|=)\b"
    r".{0,30}\b(?:refund|approved|pass|safe|clear|urgent|intent|benign|true|verified|vip"
    r"|delivery|resolved|high|confidence|admin)\b",
    r"\b(?:note|message|instructions?|attention|important|memo|hint) (?:to|for)"
    r"(?: the| any| all)? (?:\w+ )?(?:ai|llm|bot|chatbot|model|assistant|classifier"
    r"|language model|agent system|automated system|reviewer model|verifier)s?\b",
    r"\b(?:dear|hey|hello|attention),? (?:ai|llm|chat ?gpt|gpt|chatbot|language model"
    r"|assistant|bot|claude|model)\b",
    r"<\|?/?(?:im_start|im_end|system|assistant|endoftext|instructions?|user|inst)\b"
    r"|\[/?(?:inst|system)\]|#{2,} ?(?:system|instruction|response|new)",
    r"^\W*(?:system|assistant|developer|admin(?:istrator)?) ?(?:prompt|message|note)? ?[:>]",
    r"(?:\.|\n|\"|'|-) ?(?:system|assistant|developer) ?: ",
    r"\{\{.{1,80}\}\}|\{%.{1,80}%\}|\$\{.{1,80}\}|\{ ?\"(?:intent|role|verdict|clear|tool"
    r"|function|action|answer)\" ?:",
    r"\b(?:new|updated|real|actual|following|these) (?:instructions?|orders|directives?)"
    r" ?(?:are|is|:|from|follow)\b",
    r"\b(?:from now on|henceforth)\b.{0,20}\byou\b",
    r"\bwithout (?:any )?(?:restrictions?|filters?|safety|censorship|limitations)\b",
    r"\b(?:drop|delete|truncate) table\b|\bunion select\b|' or '?1'? ?= ?'?1|;-- |<script\b"
    r"|\brm -rf\b|\b(?:eval|exec|os\.system)\(|\bcurl http",
    r"\b(?:decode|base64|rot ?13|hex|in reverse|backwards)\b.{0,60}\b(?:follow|execute"
    r"|obey|do what|run|instruction|comply|act on|carry out|it says)\b",
    r"\b(?:translate|summari[sz]e|encode) (?:this|your|the) (?:\w+ )?(?:prompt|instructions?)",
    r"\b(?:end|stop) of (?:customer |user )?(?:message|input|prompt|conversation|text)\b",
    r"\b(?:authori[sz]ed|debug|admin|maintenance|test|god|root) (?:mode|override|access)\b",
    r"\b(?:your|the) (?:new )?(?:task|job|role|persona|purpose|goal) is (?:now )?to\b",
)
KINDS = {"abusive": ABUSE, "threat": THREAT, "prompt_injection": STEERING}
PATTERNS = {
    kind: [re.compile(rule, re.DOTALL) for rule in rules]
    for kind, rules in KINDS.items()
}
# What others said, and words about oneself, are no abuse by the customer.
REPORTED = re.compile(
    rf"\b(?:called|calling|call) (?:me|us|my \w+|him|her) (?:an? |some )?(?:\w+ )?{INSULT}"
    rf"|\b(?:like|feel|felt|am|was|i'm|be) (?:like )?(?:an? )?(?:complete |total |right )?{INSULT}"
    r"|\b(?:told|telling|tells) (?:me|us|my \w+|him|her) to \w+(?: (?:the \w+ )?(?:off|up|hell|dead))?"
    r"|\b(?:trash|garbage|pig|pigs)(?=(?: can| bin| bag| bags| cans|gy| iron))"
    r"|\b(?:is|was|are|were|in the|into the|piece of|quality|absolute|total|pure|looks?"
    r" like|it's) (?:trash|garbage)\b",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """Return the text with the insults that it only reports toned down."""
    return REPORTED.sub(" was rude", text)


def hostile_kinds(form: str) -> list[str]:
    """List the kinds of hostility in one plain reading of a text."""
    own = own_words(form)
    return [
        kind
        for kind, rules in PATTERNS.items()
        if any(rule.search(own) for rule in rules)
    ]
