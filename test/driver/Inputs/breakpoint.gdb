# Stops where the body of the loop is first run, then lets the program end.
set print thread-events off
break breakpoint.c:9
run
bt
print x
print factor
delete
continue
