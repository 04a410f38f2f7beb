from jifen.api.routing import town_router
from jifen.inbox.api import views

town_router.register("messages", views.MessageViewSet, basename="message")
town_router.register("channels", views.ChannelViewSet, basename="channel")
