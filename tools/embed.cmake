# Writes the bytes of file IN to OUT as "0x..,0x..," for an array in C.
file(READ ${IN} BYTES HEX)
string(REGEX REPLACE "(..)" "0x\\1," BYTES "${BYTES}")
file(WRITE ${OUT} "${BYTES}\n")
