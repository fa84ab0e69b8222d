"""From which chance of danger on a message is treated as one; the service and the figures share it.

Set by judgement, with a look at held-out figures. `nlu.calibrate` prints what they do on training
utterances that the encoder was not tuned on; setting them from that is still to do.
"""

#: Summed chance of all danger intents from which a danger is sure: its page is the answer …
DANGER_SURE = 0.50
#: … and from which it is suspected: the answer comes with the line "If you are in danger now".
DANGER_SUSPECTED = 0.05
